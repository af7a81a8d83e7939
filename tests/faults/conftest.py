"""What tests of faults share: the trading organization; windows without a screen."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from helpers.trading_fixtures import shop, shop_template

__all__ = ["shop", "shop_template"]
