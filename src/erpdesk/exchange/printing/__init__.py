"""Printing: a voucher or report as a plain document of facts, and as a page of HTML made from it by a template."""
