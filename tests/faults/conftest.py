"""What tests of faults share: the trading organization."""

from helpers.trading_fixtures import shop, shop_template

__all__ = ["shop", "shop_template"]
