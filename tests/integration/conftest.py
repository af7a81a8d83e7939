"""What integration tests share: the trading organization."""

from helpers.trading_fixtures import books_replan, shop, shop_template

__all__ = ["books_replan", "shop", "shop_template"]
