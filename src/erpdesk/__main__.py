"""`python -m erpdesk` is the same as `erpdesk`."""

from erpdesk.app import main

main()
