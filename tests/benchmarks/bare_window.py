"""The yardstick of starting: a bare window with one field, PySide6 and SQLAlchemy imported, timed like the program."""

import time

from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow
from sqlalchemy import create_engine

from benchmarks.process_start import process_started


class Window(QMainWindow):
    """Says when its field has been painted for the first time, and ends."""

    def paintEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
        print(f'{{"first_usable_field_ms": {(time.time() - process_started()) * 1000:.0f}}}', flush=True)
        QApplication.quit()


application = QApplication([])
engine = create_engine("postgresql+psycopg://", creator=lambda: None)
window = Window()
field = QLineEdit()
window.setCentralWidget(field)
window.show()
field.setFocus()
application.exec()
