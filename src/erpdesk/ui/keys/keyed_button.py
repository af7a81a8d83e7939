"""Buttons that print a key remember whose it is, so that they print another as soon as one has given it another."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractButton, QWidget

from erpdesk.ui.keys.profile import keyed

_WHOSE = "keyed"


def print_key(button: QAbstractButton, text: str, context: str, action: str) -> None:
    """Has a button say what it does, and the key of its action."""
    button.setProperty(_WHOSE, [text, context, action])
    button.setText(keyed(text, context, action))


def printed_words(widget: QWidget, context: str) -> dict[str, str]:
    """What the buttons within a widget say, by the action of the context that they do."""
    found = (button.property(_WHOSE) for button in widget.findChildren(QAbstractButton)
             if button.isVisibleTo(widget))
    return {whose[2]: whose[0] for whose in found if whose and whose[1] == context}


def print_keys_anew(window: QWidget) -> None:
    """Every button of the window with the key that holds now."""
    for button in window.findChildren(QAbstractButton):
        if whose := button.property(_WHOSE):
            button.setText(keyed(*whose))
