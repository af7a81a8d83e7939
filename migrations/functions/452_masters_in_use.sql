-- What masters keep, whoever changes them: what books, stock and posted vouchers rest on stays as it is (MST-001), and a
-- master names only accounts that fit (MST-010). One function says what is wrong with a change; triggers refuse by it, and
-- the program asks it beforehand, so that both know the same. Where no guarded column changes, nothing is asked.

-- Columns that never change, and those that stay as they are once there are entries; `word` is what documents call them.
CREATE OR REPLACE FUNCTION erpdesk.kept_columns() RETURNS TABLE (master text, kept text, name text, word text)
LANGUAGE sql IMMUTABLE AS $$
    SELECT m.master, 'always', c.name, c.name
    FROM unnest(ARRAY['account', 'party', 'cost_centre', 'tax_class', 'uom', 'item_group', 'item', 'warehouse', 'bin_location',
        'batch', 'price_list', 'branch']) AS m (master), unnest(ARRAY['organization_id', 'id', 'code', 'code_key']) AS c (name)
    UNION ALL VALUES
        ('currency', 'always', 'organization_id', 'organization_id'), ('currency', 'always', 'code', 'code'),
        ('batch', 'always', 'item_id', 'item'), ('bin_location', 'always', 'warehouse_id', 'warehouse'),
        ('account', 'in use', 'nature', 'type'), ('account', 'in use', 'kind', 'kind'), ('account', 'in use', 'is_group', 'group'),
        ('item', 'in use', 'uom_id', 'uom'), ('item', 'in use', 'is_stocked', 'is_stocked'),
        ('item', 'in use', 'valuation', 'valuation'), ('item', 'in use', 'track_batch', 'track_batch'),
        ('item', 'in use', 'track_serial', 'track_serial'), ('item', 'in use', 'is_fixed_product', 'is_fixed_product'),
        ('currency', 'in use', 'decimals', 'decimals')
$$;

-- Which accounts fit where: of one of these kinds, or of one of these types and of no kind that is kept for something else.
CREATE OR REPLACE FUNCTION erpdesk.account_misfit(p_code text, p_kind text, p_nature text, p_is_group boolean, p_place text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN p_is_group THEN format('%s is a group; only an account that is posted to fits here', p_code)
        WHEN NOT p_kind = ANY (x.kinds) THEN format('%s is of kind %s; one of kind %s is needed here', p_code, p_kind, array_to_string(x.kinds, ' or '))
        WHEN p_kind = ANY (x.never) THEN format('%s is of kind %s; none of that kind fits here', p_code, p_kind)
        WHEN NOT p_nature = ANY (x.natures) THEN format('%s is of type %s; one of type %s is needed here', p_code, p_nature, array_to_string(x.natures, ' or '))
        END
    FROM (SELECT ARRAY['stock', 'grir', 'dni', 'receivable', 'payable'] AS held, ARRAY['cash', 'bank', 'tax'] AS money) k
    CROSS JOIN LATERAL (VALUES
        (1, 'inventory_account', ARRAY['stock'], NULL::text[], NULL::text[]),
        (1, 'grir_account', ARRAY['grir'], NULL, NULL),
        (1, 'cogs_account', NULL, k.held || k.money, ARRAY['expense', 'asset']),
        (1, 'sales_account', NULL, k.held || k.money, ARRAY['income']),
        (1, 'sales_return_account', NULL, k.held || k.money, ARRAY['income', 'expense']),
        (1, 'purchase_variance_account', NULL, k.held || k.money, ARRAY['expense', 'income']),
        (1, 'customer', ARRAY['receivable'], NULL, NULL),
        (1, 'supplier', ARRAY['payable'], NULL, NULL),
        (1, 'both', ARRAY['receivable', 'payable'], NULL, NULL),
        (1, 'role stock', ARRAY['stock'], NULL, NULL),
        (1, 'role receivable', ARRAY['receivable'], NULL, NULL),
        (1, 'role payable', ARRAY['payable'], NULL, NULL),
        (1, 'role grir', ARRAY['grir'], NULL, NULL),
        (1, 'role delivered_not_invoiced', ARRAY['dni'], NULL, NULL),
        (2, 'role %', NULL, k.held, NULL)  -- what these hold is compared with other records: they play no other role
    ) AS x (rank, place, kinds, never, natures) WHERE p_place LIKE x.place ORDER BY x.rank LIMIT 1
$$;

-- Whether the books speak of a master: entries of an account, movements or posted lines of an item, vouchers in a currency.
CREATE OR REPLACE FUNCTION erpdesk.master_has_entries(p_organization uuid, p_table text, p_id text) RETURNS boolean
LANGUAGE plpgsql SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    CASE p_table
        WHEN 'account' THEN
            RETURN EXISTS (SELECT FROM journal_line l WHERE l.organization_id = p_organization AND l.account_id = p_id::uuid);
        WHEN 'item' THEN
            RETURN EXISTS (SELECT FROM stock_movement m WHERE m.organization_id = p_organization AND m.item_id = p_id::uuid)
                OR EXISTS (SELECT FROM voucher_line l JOIN voucher v ON v.organization_id = l.organization_id AND v.id = l.voucher_id
                           WHERE l.organization_id = p_organization AND l.item_id = p_id::uuid AND v.status IN ('POSTED', 'REVERSED'));
        WHEN 'currency' THEN
            RETURN EXISTS (SELECT FROM organization o WHERE o.id = p_organization AND o.base_currency = p_id)
                OR EXISTS (SELECT FROM voucher v WHERE v.organization_id = p_organization AND v.currency_code = p_id);
    END CASE;
END $$;

-- The kind that an account takes when a master names it: one that nobody gave a kind or a role, and that has no entries, becomes
-- what it is named for, as a chart without kinds leaves it to be said. Null where it takes none.
CREATE OR REPLACE FUNCTION erpdesk.kind_taken(a erpdesk.account, p_place text) RETURNS text
LANGUAGE sql VOLATILE SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    SELECT x.kind FROM (VALUES
        ('inventory_account', 'stock', ARRAY['asset']), ('grir_account', 'grir', ARRAY['asset', 'liability']),
        ('customer', 'receivable', ARRAY['asset', 'liability']), ('supplier', 'payable', ARRAY['asset', 'liability']),
        ('both', 'receivable', ARRAY['asset', 'liability'])) AS x (place, kind, natures)
    WHERE x.place = p_place AND a.kind = 'general' AND NOT a.is_group AND a.nature = ANY (x.natures)
      AND NOT EXISTS (SELECT FROM account_role r WHERE r.organization_id = a.organization_id AND r.account_id = a.id)
      AND NOT master_has_entries(a.organization_id, 'account', a.id::text)
$$;

-- How many decimals the quantities of posted vouchers and of stock have that are counted in a unit.
CREATE OR REPLACE FUNCTION erpdesk.unit_decimals_needed(p_organization uuid, p_unit uuid) RETURNS integer
LANGUAGE sql STABLE SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    SELECT coalesce(max(scale(trim_scale(x.quantity))), 0) FROM (
        SELECT m.quantity FROM stock_movement m WHERE m.organization_id = p_organization AND m.uom_id = p_unit
        UNION ALL
        SELECT q.quantity FROM voucher_line l
        JOIN voucher v ON v.organization_id = l.organization_id AND v.id = l.voucher_id AND v.status IN ('POSTED', 'REVERSED')
        JOIN item i ON i.organization_id = l.organization_id AND i.id = l.item_id
        CROSS JOIN LATERAL (VALUES (l.uom_id, l.quantity), (l.uom_id, l.free_quantity), (i.uom_id, l.stock_quantity)) AS q (unit, quantity)
        WHERE l.organization_id = p_organization AND q.unit = p_unit) x
$$;

-- A warehouse with goods whose inventory account would be another one if an item, a group or a place became `now`.
CREATE OR REPLACE FUNCTION erpdesk.goods_moved_by(p_table text, now jsonb) RETURNS text
LANGUAGE sql STABLE SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    SELECT w.code
    FROM (SELECT (now ->> 'organization_id')::uuid AS organization_id, (now ->> 'id')::uuid AS id,
                 (now ->> 'inventory_account_id')::uuid AS account_id, (now ->> 'item_group_id')::uuid AS group_id) n
    JOIN stock_balance b ON b.organization_id = n.organization_id AND (b.quantity <> 0 OR b.value <> 0 OR b.deficit_quantity <> 0)
    JOIN item i ON i.organization_id = b.organization_id AND i.id = b.item_id
    JOIN warehouse w ON w.organization_id = b.organization_id AND w.id = b.warehouse_id
    LEFT JOIN item_group g ON g.organization_id = i.organization_id AND g.id = i.item_group_id
    LEFT JOIN item_group h ON h.organization_id = n.organization_id AND h.id = n.group_id
    LEFT JOIN account_role r ON r.organization_id = b.organization_id AND r.role = 'stock'
    WHERE CASE p_table WHEN 'warehouse' THEN b.warehouse_id WHEN 'item' THEN b.item_id ELSE i.item_group_id END = n.id
      AND coalesce(w.inventory_account_id, i.inventory_account_id, g.inventory_account_id, r.account_id) IS DISTINCT FROM CASE p_table
          WHEN 'warehouse' THEN coalesce(n.account_id, i.inventory_account_id, g.inventory_account_id, r.account_id)
          WHEN 'item' THEN coalesce(w.inventory_account_id, n.account_id, h.inventory_account_id, r.account_id)
          ELSE coalesce(w.inventory_account_id, i.inventory_account_id, n.account_id, r.account_id) END
    ORDER BY w.code_key LIMIT 1
$$;

-- What names an account that would not fit any more if it became `now`.
CREATE OR REPLACE FUNCTION erpdesk.account_named_for(was jsonb, now jsonb) RETURNS text
LANGUAGE sql STABLE SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    SELECT format('%s names this account: %s', x.who,
        account_misfit(now ->> 'code', now ->> 'kind', now ->> 'nature', (now ->> 'is_group')::boolean, x.place))
    FROM (
        SELECT 'inventory_account' AS place, w.inventory_account_id AS account_id, 'warehouse ' || w.code AS who FROM warehouse w
        WHERE w.organization_id = (now ->> 'organization_id')::uuid
        UNION ALL
        SELECT p.kind, p.account_id, 'party ' || p.code FROM party p WHERE p.organization_id = (now ->> 'organization_id')::uuid
        UNION ALL
        SELECT 'role ' || r.role, r.account_id, 'the role ' || r.role FROM account_role r WHERE r.organization_id = (now ->> 'organization_id')::uuid
        UNION ALL
        SELECT c.place, c.account_id, 'item ' || i.code FROM item i CROSS JOIN LATERAL (VALUES
            ('inventory_account', i.inventory_account_id), ('cogs_account', i.cogs_account_id), ('grir_account', i.grir_account_id),
            ('sales_account', i.sales_account_id), ('sales_return_account', i.sales_return_account_id),
            ('purchase_variance_account', i.purchase_variance_account_id)) AS c (place, account_id)
        WHERE i.organization_id = (now ->> 'organization_id')::uuid
        UNION ALL
        SELECT c.place, c.account_id, 'item group ' || g.code FROM item_group g CROSS JOIN LATERAL (VALUES
            ('inventory_account', g.inventory_account_id), ('cogs_account', g.cogs_account_id), ('grir_account', g.grir_account_id),
            ('sales_account', g.sales_account_id), ('sales_return_account', g.sales_return_account_id),
            ('purchase_variance_account', g.purchase_variance_account_id)) AS c (place, account_id)
        WHERE g.organization_id = (now ->> 'organization_id')::uuid) x
    WHERE x.account_id = (now ->> 'id')::uuid
      AND account_misfit(now ->> 'code', now ->> 'kind', now ->> 'nature', (now ->> 'is_group')::boolean, x.place) IS NOT NULL
      AND account_misfit(now ->> 'code', was ->> 'kind', was ->> 'nature', (was ->> 'is_group')::boolean, x.place) IS NULL
    LIMIT 1
$$;

-- What is wrong with a row of a table of masters becoming another one, or coming into being (`was` is null): the constraint
-- that refuses it, the column, and a sentence. Volatile: each look sees what has been committed until then.
CREATE OR REPLACE FUNCTION erpdesk.master_faults(p_table text, was jsonb, now jsonb)
RETURNS TABLE (refused_by text, name text, said text)
LANGUAGE plpgsql SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE
    o uuid := (now ->> 'organization_id')::uuid;
    noun text := CASE p_table WHEN 'item_group' THEN 'group' WHEN 'bin_location' THEN 'bin' ELSE replace(p_table, '_', ' ') END;
    own text := coalesce(was ->> 'code', now ->> 'code');
    k record; needed integer; place text; a account; has_entries boolean;
BEGIN
    IF was IS NOT NULL THEN
        FOR k IN SELECT c.* FROM kept_columns() c WHERE c.master = p_table AND was -> c.name IS DISTINCT FROM now -> c.name ORDER BY c.kept, c.name LOOP
            IF k.kept = 'in use' THEN
                has_entries := coalesce(has_entries, master_has_entries(o, p_table, coalesce(was ->> 'id', was ->> 'code')));
                EXIT WHEN NOT has_entries;
            END IF;
            refused_by := 'master_keeps'; name := k.name;
            said := CASE k.kept WHEN 'always' THEN format('The %s %s keeps its %s', noun, own, k.word)
                ELSE format('The %s %s has entries; its %s can''t change any more', noun, own, k.word) END;
            RETURN NEXT;
        END LOOP;
        IF p_table = 'uom' AND (now ->> 'decimals')::integer < (was ->> 'decimals')::integer THEN
            needed := unit_decimals_needed(o, (was ->> 'id')::uuid);
            IF needed > (now ->> 'decimals')::integer THEN
                refused_by := 'unit_keeps_decimals'; name := 'decimals';
                said := format('Quantities in %s have up to %s decimals; it can''t have fewer any more', own, needed);
                RETURN NEXT;
            END IF;
        END IF;
        IF p_table = 'currency' AND (was ->> 'is_active')::boolean AND NOT (now ->> 'is_active')::boolean
           AND EXISTS (SELECT FROM organization x WHERE x.id = o AND x.base_currency = own) THEN
            refused_by := 'master_keeps'; name := 'is_active';
            said := format('%s is the currency of the books; it stays active', own);
            RETURN NEXT;
        END IF;
        IF p_table IN ('warehouse', 'item', 'item_group')
           AND (was -> 'inventory_account_id', was -> 'item_group_id') IS DISTINCT FROM (now -> 'inventory_account_id', now -> 'item_group_id') THEN
            place := goods_moved_by(p_table, now);
            IF place IS NOT NULL THEN
                refused_by := 'goods_keep_account';
                name := CASE WHEN was -> 'inventory_account_id' IS DISTINCT FROM now -> 'inventory_account_id' THEN 'inventory_account_id' ELSE 'item_group_id' END;
                said := format('Goods of the %s %s lie in %s; the account that they stand on can''t change', noun, own, place);
                RETURN NEXT;
            END IF;
        END IF;
        IF p_table = 'account' AND (was -> 'kind', was -> 'nature', was -> 'is_group') IS DISTINCT FROM (now -> 'kind', now -> 'nature', now -> 'is_group') THEN
            said := account_named_for(was, now);
            IF said IS NOT NULL THEN
                refused_by := 'account_fits';
                name := CASE WHEN was -> 'is_group' IS DISTINCT FROM now -> 'is_group' THEN 'is_group'
                             WHEN was -> 'kind' IS DISTINCT FROM now -> 'kind' THEN 'kind' ELSE 'nature' END;
                RETURN NEXT;
            END IF;
        END IF;
    END IF;
    IF p_table = 'account' AND now ->> 'parent_id' IS NOT NULL AND was -> 'parent_id' IS DISTINCT FROM now -> 'parent_id' THEN
        SELECT * INTO a FROM account x WHERE x.organization_id = o AND x.id = (now ->> 'parent_id')::uuid;
        IF NOT a.is_group AND master_has_entries(o, 'account', a.id::text) THEN
            refused_by := 'master_keeps'; name := 'parent_id';
            said := format('The account %s has entries and can''t become a group', a.code);
            RETURN NEXT;
        END IF;
    END IF;
    IF p_table IN ('warehouse', 'item', 'item_group', 'party') THEN
        FOR k IN SELECT e.key, e.value FROM jsonb_each_text(now) e
            WHERE e.key LIKE '%account\_id' AND e.value IS NOT NULL
              AND (was ->> e.key IS DISTINCT FROM e.value OR (p_table = 'party' AND was ->> 'kind' IS DISTINCT FROM now ->> 'kind'))
            ORDER BY e.key LOOP
            SELECT * INTO a FROM account x WHERE x.organization_id = o AND x.id = k.value::uuid FOR SHARE;
            place := CASE p_table WHEN 'party' THEN now ->> 'kind' ELSE replace(k.key, '_id', '') END;
            said := account_misfit(a.code, a.kind, a.nature, a.is_group, place);
            IF said IS NOT NULL AND kind_taken(a, place) IS NULL THEN
                refused_by := 'account_fits'; name := k.key;
                RETURN NEXT;
            END IF;
        END LOOP;
    END IF;
END $$;

-- Whether posted vouchers have lines of an item in one of its alternate units.
CREATE OR REPLACE FUNCTION erpdesk.item_unit_is_used(p_organization uuid, p_item uuid, p_unit uuid) RETURNS boolean
LANGUAGE sql VOLATILE SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM voucher_line l JOIN voucher v ON v.organization_id = l.organization_id AND v.id = l.voucher_id
                   WHERE l.organization_id = p_organization AND l.item_id = p_item AND l.uom_id = p_unit AND v.status IN ('POSTED', 'REVERSED'))
$$;

CREATE OR REPLACE FUNCTION erpdesk.refuse_master(p_constraint text, p_table text, p_column text, p_message text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = '23514', MESSAGE = p_message, CONSTRAINT = p_constraint, SCHEMA = 'erpdesk', TABLE = p_table, COLUMN = p_column;
END $$;

-- Refuses a change; one that is allowed so far waits for vouchers that are being posted with the master, and looks again.
CREATE OR REPLACE FUNCTION erpdesk.master_keeps() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE
    was jsonb := CASE TG_OP WHEN 'UPDATE' THEN to_jsonb(OLD) END;
    f record;
BEGIN
    FOR n IN 1 .. 2 LOOP
        SELECT * INTO f FROM master_faults(TG_TABLE_NAME, was, to_jsonb(NEW)) LIMIT 1;
        IF FOUND THEN
            PERFORM refuse_master(f.refused_by, TG_TABLE_NAME, f.name, f.said);
        END IF;
        EXIT WHEN was IS NULL OR TG_TABLE_NAME NOT IN ('account', 'item', 'uom', 'warehouse') OR (TG_TABLE_NAME = 'account'
            AND (was -> 'kind', was -> 'nature', was -> 'is_group') = (SELECT x -> 'kind', x -> 'nature', x -> 'is_group' FROM to_jsonb(NEW) x));
        IF n = 1 THEN
            CASE TG_TABLE_NAME
                WHEN 'account' THEN PERFORM FROM account x WHERE x.organization_id = OLD.organization_id AND x.id = OLD.id FOR UPDATE;
                WHEN 'item' THEN PERFORM FROM item x WHERE x.organization_id = OLD.organization_id AND x.id = OLD.id FOR UPDATE;
                WHEN 'uom' THEN PERFORM FROM uom x WHERE x.organization_id = OLD.organization_id AND x.id = OLD.id FOR UPDATE;
                ELSE PERFORM FROM warehouse x WHERE x.organization_id = OLD.organization_id AND x.id = OLD.id FOR UPDATE;
            END CASE;
        END IF;
    END LOOP;
    IF TG_TABLE_NAME IN ('warehouse', 'item', 'item_group', 'party') THEN
        UPDATE account x SET kind = y.kind
        FROM (SELECT a.id, kind_taken(a, CASE TG_TABLE_NAME WHEN 'party' THEN to_jsonb(NEW) ->> 'kind' ELSE replace(e.key, '_id', '') END) AS kind
              FROM jsonb_each_text(to_jsonb(NEW)) e
              JOIN account a ON a.organization_id = NEW.organization_id AND a.id = e.value::uuid
              WHERE e.key LIKE '%account\_id' AND e.value IS NOT NULL AND a.kind = 'general') y
        WHERE x.organization_id = NEW.organization_id AND x.id = y.id AND y.kind IS NOT NULL;
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION erpdesk.item_unit_keeps() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM item i WHERE i.organization_id = OLD.organization_id AND i.id = OLD.item_id FOR UPDATE;
    IF item_unit_is_used(OLD.organization_id, OLD.item_id, OLD.uom_id) THEN
        PERFORM refuse_master('unit_keeps_factor', 'item_uom', 'factor', (
            SELECT format('Vouchers were posted in %s of the item %s; what it holds can''t change any more', u.code, i.code)
            FROM item i, uom u WHERE i.organization_id = OLD.organization_id AND i.id = OLD.item_id
              AND u.organization_id = OLD.organization_id AND u.id = OLD.uom_id));
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

DO $$
DECLARE
    t text; guarded text[]; accounts text;
    more constant jsonb := '{"uom": ["decimals"], "currency": ["is_active"], "account": ["parent_id"], "party": ["kind", "account_id"],
        "warehouse": ["inventory_account_id"], "item": ["item_group_id"]}';
BEGIN
    FOR t IN SELECT DISTINCT c.master FROM erpdesk.kept_columns() c LOOP
        SELECT string_agg(format('NEW.%I', a.attname), ', ') INTO accounts FROM pg_attribute a
        WHERE a.attrelid = format('erpdesk.%I', t)::regclass AND NOT a.attisdropped
          AND (a.attname LIKE '%account\_id' OR (t = 'account' AND a.attname = 'parent_id'));
        guarded := ARRAY(SELECT c.name FROM erpdesk.kept_columns() c WHERE c.master = t
            UNION SELECT jsonb_array_elements_text(more -> t)
            UNION SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = format('erpdesk.%I', t)::regclass
                AND NOT a.attisdropped AND a.attname LIKE '%account\_id' ORDER BY 1);
        EXECUTE format('DROP TRIGGER IF EXISTS master_keeps ON erpdesk.%I', t);
        EXECUTE format('CREATE TRIGGER master_keeps BEFORE UPDATE ON erpdesk.%I FOR EACH ROW WHEN ((%s) IS DISTINCT FROM (%s)) '
            'EXECUTE FUNCTION erpdesk.master_keeps()', t,
            (SELECT string_agg(format('OLD.%I', g), ', ') FROM unnest(guarded) g),
            (SELECT string_agg(format('NEW.%I', g), ', ') FROM unnest(guarded) g));
        IF accounts IS NOT NULL THEN
            EXECUTE format('DROP TRIGGER IF EXISTS master_begins ON erpdesk.%I', t);
            EXECUTE format('CREATE TRIGGER master_begins BEFORE INSERT ON erpdesk.%I FOR EACH ROW WHEN (num_nonnulls(%s) > 0) '
                'EXECUTE FUNCTION erpdesk.master_keeps()', t, accounts);
        END IF;
    END LOOP;
    DROP TRIGGER IF EXISTS item_unit_keeps ON erpdesk.item_uom;
    CREATE TRIGGER item_unit_keeps BEFORE UPDATE ON erpdesk.item_uom FOR EACH ROW
        WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION erpdesk.item_unit_keeps();
    DROP TRIGGER IF EXISTS item_unit_stays ON erpdesk.item_uom;
    CREATE TRIGGER item_unit_stays BEFORE DELETE ON erpdesk.item_uom FOR EACH ROW EXECUTE FUNCTION erpdesk.item_unit_keeps();
END $$;

-- Nothing stands above itself. Asked when all is written: a file may put a tree upside down.
CREATE OR REPLACE FUNCTION erpdesk.master_tree() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (
        WITH RECURSIVE above AS (
            SELECT NEW.parent_id AS id
            UNION
            SELECT t.parent_id FROM above JOIN (
                SELECT organization_id, id, parent_id FROM account WHERE TG_TABLE_NAME = 'account'
                UNION ALL SELECT organization_id, id, parent_id FROM cost_centre WHERE TG_TABLE_NAME = 'cost_centre'
                UNION ALL SELECT organization_id, id, parent_id FROM item_group WHERE TG_TABLE_NAME = 'item_group') t
              ON t.organization_id = NEW.organization_id AND t.id = above.id
            WHERE t.parent_id IS NOT NULL)
        SELECT FROM above WHERE above.id = NEW.id) THEN
        PERFORM refuse_master('tree_without_circle', TG_TABLE_NAME, 'parent_id',
                              format('The %s %s would stand above itself', replace(TG_TABLE_NAME, '_', ' '), NEW.code));
    END IF;
    RETURN NULL;
END $$;
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['account', 'cost_centre', 'item_group'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS master_tree ON erpdesk.%I', t);
        EXECUTE format('CREATE CONSTRAINT TRIGGER master_tree AFTER INSERT OR UPDATE OF parent_id ON erpdesk.%I '
            'DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION erpdesk.master_tree()', t);
    END LOOP;
END $$;

-- What would be refused of changes to masters, asked before they are written: each row has its `n`, the `id` of a master that
-- is there (or none), and the columns that it would get; of alternate units, item and unit.
CREATE OR REPLACE FUNCTION erpdesk.masters_refused(p_organization uuid, p_table text, p_rows jsonb)
RETURNS TABLE (n integer, refused_by text, name text, said text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE r record; was jsonb; now jsonb;
BEGIN
    IF NOT (p_organization = ANY (my_organizations()) OR pg_has_role(session_user, 'erpdesk_owner', 'MEMBER')) THEN
        RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = format('%s is not a member of this organization', session_user);
    END IF;
    IF p_table = 'item_uom' THEN
        RETURN QUERY SELECT x.n, 'unit_keeps_factor'::text, 'factor'::text,
            format('Vouchers were posted in %s of the item %s; what it holds can''t change any more', u.code, i.code)
        FROM jsonb_to_recordset(p_rows) AS x (n integer, item_id uuid, uom_id uuid)
        JOIN item i ON i.organization_id = p_organization AND i.id = x.item_id
        JOIN uom u ON u.organization_id = p_organization AND u.id = x.uom_id
        WHERE item_unit_is_used(p_organization, x.item_id, x.uom_id);
        RETURN;
    ELSIF p_table NOT IN (SELECT c.master FROM kept_columns() c) THEN
        RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = format('%s is no table of masters', p_table);
    END IF;
    FOR r IN SELECT * FROM jsonb_to_recordset(p_rows) AS x (n integer, id uuid, changes jsonb) LOOP
        EXECUTE format('SELECT to_jsonb(x), to_jsonb(jsonb_populate_record(x, $1)) FROM erpdesk.%I x WHERE x.organization_id = $2 AND x.id = $3', p_table)
        INTO was, now USING r.changes, p_organization, r.id;
        IF was IS NULL THEN
            EXECUTE format('SELECT to_jsonb(jsonb_populate_record(NULL::erpdesk.%I, $1))', p_table)
            INTO now USING r.changes || jsonb_build_object('organization_id', p_organization);
        END IF;
        n := r.n;
        FOR refused_by, name, said IN SELECT * FROM master_faults(p_table, was, now) LOOP
            RETURN NEXT;
        END LOOP;
    END LOOP;
END $$;

DO $$
DECLARE f regprocedure;
BEGIN
    FOR f IN SELECT x.oid::regprocedure FROM pg_proc x WHERE x.pronamespace = 'erpdesk'::regnamespace AND x.proname IN ('kept_columns',
        'account_misfit', 'master_has_entries', 'kind_taken', 'unit_decimals_needed', 'goods_moved_by', 'account_named_for', 'master_faults',
        'item_unit_is_used', 'refuse_master', 'master_keeps', 'master_tree', 'item_unit_keeps', 'masters_refused')
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO erpdesk_engine', f);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION erpdesk.masters_refused(uuid, text, jsonb)
    TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin, erpdesk_auditor;
