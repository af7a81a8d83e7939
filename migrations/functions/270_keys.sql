-- The key of a code, name or voucher number: what makes two spellings the same. NFKC, case folded, inner blanks folded to
-- one, outer ones gone: exactly domain/keys.py's `key_of`. Voucher numbers are printed here, so their keys are made here
-- too, and by nobody else; `lower` would follow the locale of the server.

-- Full case folding outside ASCII is Unicode's (CaseFolding, C and F): characters that become several, and those that become
-- another one, as runs: first, last, step, distance.
CREATE OR REPLACE FUNCTION erpdesk.key_of(p_text text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE folded text;
BEGIN
    IF octet_length(p_text) = length(p_text) THEN
        folded := lower(p_text COLLATE "C");
    ELSE
        SELECT normalize(coalesce(string_agg(coalesce(s.folded, chr(x.code + coalesce(r.distance, 0))), '' ORDER BY x.place), ''), NFKC)
        INTO folded
        FROM (SELECT ascii(lower(c COLLATE "C")) AS code, place
              FROM regexp_split_to_table(normalize(p_text, NFKC), '') WITH ORDINALITY AS y (c, place)) x
        LEFT JOIN (VALUES
        (223, U&'\0073\0073'), (304, U&'\0069\0307'), (496, U&'\006A\030C'), (912, U&'\03B9\0308\0301'),
        (944, U&'\03C5\0308\0301'), (7830, U&'\0068\0331'), (7831, U&'\0074\0308'), (7832, U&'\0077\030A'),
        (7833, U&'\0079\030A'), (7838, U&'\0073\0073'), (8016, U&'\03C5\0313'), (8018, U&'\03C5\0313\0300'),
        (8020, U&'\03C5\0313\0301'), (8022, U&'\03C5\0313\0342'), (8064, U&'\1F00\03B9'), (8065, U&'\1F01\03B9'),
        (8066, U&'\1F02\03B9'), (8067, U&'\1F03\03B9'), (8068, U&'\1F04\03B9'), (8069, U&'\1F05\03B9'),
        (8070, U&'\1F06\03B9'), (8071, U&'\1F07\03B9'), (8072, U&'\1F00\03B9'), (8073, U&'\1F01\03B9'),
        (8074, U&'\1F02\03B9'), (8075, U&'\1F03\03B9'), (8076, U&'\1F04\03B9'), (8077, U&'\1F05\03B9'),
        (8078, U&'\1F06\03B9'), (8079, U&'\1F07\03B9'), (8080, U&'\1F20\03B9'), (8081, U&'\1F21\03B9'),
        (8082, U&'\1F22\03B9'), (8083, U&'\1F23\03B9'), (8084, U&'\1F24\03B9'), (8085, U&'\1F25\03B9'),
        (8086, U&'\1F26\03B9'), (8087, U&'\1F27\03B9'), (8088, U&'\1F20\03B9'), (8089, U&'\1F21\03B9'),
        (8090, U&'\1F22\03B9'), (8091, U&'\1F23\03B9'), (8092, U&'\1F24\03B9'), (8093, U&'\1F25\03B9'),
        (8094, U&'\1F26\03B9'), (8095, U&'\1F27\03B9'), (8096, U&'\1F60\03B9'), (8097, U&'\1F61\03B9'),
        (8098, U&'\1F62\03B9'), (8099, U&'\1F63\03B9'), (8100, U&'\1F64\03B9'), (8101, U&'\1F65\03B9'),
        (8102, U&'\1F66\03B9'), (8103, U&'\1F67\03B9'), (8104, U&'\1F60\03B9'), (8105, U&'\1F61\03B9'),
        (8106, U&'\1F62\03B9'), (8107, U&'\1F63\03B9'), (8108, U&'\1F64\03B9'), (8109, U&'\1F65\03B9'),
        (8110, U&'\1F66\03B9'), (8111, U&'\1F67\03B9'), (8114, U&'\1F70\03B9'), (8115, U&'\03B1\03B9'),
        (8116, U&'\03AC\03B9'), (8118, U&'\03B1\0342'), (8119, U&'\03B1\0342\03B9'), (8124, U&'\03B1\03B9'),
        (8130, U&'\1F74\03B9'), (8131, U&'\03B7\03B9'), (8132, U&'\03AE\03B9'), (8134, U&'\03B7\0342'),
        (8135, U&'\03B7\0342\03B9'), (8140, U&'\03B7\03B9'), (8146, U&'\03B9\0308\0300'), (8150, U&'\03B9\0342'),
        (8151, U&'\03B9\0308\0342'), (8162, U&'\03C5\0308\0300'), (8164, U&'\03C1\0313'), (8166, U&'\03C5\0342'),
        (8167, U&'\03C5\0308\0342'), (8178, U&'\1F7C\03B9'), (8179, U&'\03C9\03B9'), (8180, U&'\03CE\03B9'),
        (8182, U&'\03C9\0342'), (8183, U&'\03C9\0342\03B9'), (8188, U&'\03C9\03B9')
        ) AS s (code, folded) ON s.code = x.code
        LEFT JOIN (VALUES
        (192,214,1,32), (216,222,1,32), (256,302,2,1), (308,310,2,1), (313,317,2,1), (321,327,2,1), (330,374,2,1),
        (376,376,1,-121), (377,381,2,1), (385,385,1,210), (386,388,2,1), (390,390,1,206), (391,391,1,1),
        (393,394,1,205), (395,395,1,1), (398,398,1,79), (399,399,1,202), (400,400,1,203), (401,401,1,1),
        (403,403,1,205), (404,404,1,207), (406,406,1,211), (407,407,1,209), (408,408,1,1), (412,412,1,211),
        (413,413,1,213), (415,415,1,214), (416,420,2,1), (422,422,1,218), (423,423,1,1), (425,425,1,218),
        (428,428,1,1), (430,430,1,218), (431,431,1,1), (433,434,1,217), (435,437,2,1), (439,439,1,219),
        (440,440,1,1), (444,444,1,1), (461,475,2,1), (478,494,2,1), (500,500,1,1), (502,502,1,-97), (503,503,1,-56),
        (504,542,2,1), (544,544,1,-130), (546,562,2,1), (570,570,1,10795), (571,571,1,1), (573,573,1,-163),
        (574,574,1,10792), (577,577,1,1), (579,579,1,-195), (580,580,1,69), (581,581,1,71), (582,590,2,1),
        (837,837,1,116), (880,882,2,1), (886,886,1,1), (895,895,1,116), (902,902,1,38), (904,906,1,37),
        (908,908,1,64), (910,911,1,63), (913,929,1,32), (931,939,1,32), (962,962,1,1), (975,975,1,8), (984,1006,2,1),
        (1015,1015,1,1), (1018,1018,1,1), (1021,1023,1,-130), (1024,1039,1,80), (1040,1071,1,32), (1120,1152,2,1),
        (1162,1214,2,1), (1216,1216,1,15), (1217,1229,2,1), (1232,1326,2,1), (1329,1366,1,48), (4256,4293,1,7264),
        (4295,4295,1,7264), (4301,4301,1,7264), (5112,5117,1,-8), (7296,7296,1,-6222), (7297,7297,1,-6221),
        (7298,7298,1,-6212), (7299,7300,1,-6210), (7301,7301,1,-6211), (7302,7302,1,-6204), (7303,7303,1,-6180),
        (7304,7304,1,35267), (7312,7354,1,-3008), (7357,7359,1,-3008), (7680,7828,2,1), (7840,7934,2,1),
        (7944,7951,1,-8), (7960,7965,1,-8), (7976,7983,1,-8), (7992,7999,1,-8), (8008,8013,1,-8), (8025,8031,2,-8),
        (8040,8047,1,-8), (8120,8121,1,-8), (8122,8122,1,-74), (8136,8138,2,-86), (8152,8153,1,-8),
        (8154,8154,1,-100), (8168,8169,1,-8), (8170,8170,1,-112), (8172,8172,1,-7), (8184,8184,1,-128),
        (8186,8186,1,-126), (8498,8498,1,28), (8579,8579,1,1), (11264,11311,1,48), (11360,11360,1,1),
        (11362,11362,1,-10743), (11363,11363,1,-3814), (11364,11364,1,-10727), (11367,11371,2,1),
        (11373,11373,1,-10780), (11374,11374,1,-10749), (11375,11375,1,-10783), (11376,11376,1,-10782),
        (11378,11378,1,1), (11381,11381,1,1), (11390,11391,1,-10815), (11392,11490,2,1), (11499,11501,2,1),
        (11506,11506,1,1), (42560,42604,2,1), (42624,42650,2,1), (42786,42798,2,1), (42802,42862,2,1),
        (42873,42875,2,1), (42877,42877,1,-35332), (42878,42886,2,1), (42891,42891,1,1), (42893,42893,1,-42280),
        (42896,42898,2,1), (42902,42920,2,1), (42922,42922,1,-42308), (42923,42923,1,-42319), (42924,42924,1,-42315),
        (42925,42925,1,-42305), (42926,42926,1,-42308), (42928,42928,1,-42258), (42929,42929,1,-42282),
        (42930,42930,1,-42261), (42931,42931,1,928), (42932,42946,2,1), (42948,42948,1,-48), (42949,42949,1,-42307),
        (42950,42950,1,-35384), (42951,42953,2,1), (42960,42960,1,1), (42966,42968,2,1), (42997,42997,1,1),
        (43888,43967,1,-38864), (66560,66599,1,40), (66736,66771,1,40), (66928,66938,1,39), (66940,66954,1,39),
        (66956,66962,1,39), (66964,66965,1,39), (68736,68786,1,64), (71840,71871,1,32), (93760,93791,1,32),
        (125184,125217,1,34)
        ) AS r (first, last, step, distance) ON x.code BETWEEN r.first AND r.last AND (x.code - r.first) % r.step = 0;
    END IF;
    RETURN btrim(regexp_replace(folded, U&'[\0009-\000D\001C-\001F \0085\1680\2028\2029]+', ' ', 'g'));
END $$;

-- A voucher's number key follows its number, whoever writes it.
CREATE OR REPLACE FUNCTION erpdesk.number_has_its_key() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    NEW.voucher_number_key := nullif(key_of(NEW.voucher_number), '');
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS number_has_its_key ON erpdesk.voucher;
CREATE TRIGGER number_has_its_key BEFORE INSERT OR UPDATE OF voucher_number, voucher_number_key ON erpdesk.voucher
    FOR EACH ROW EXECUTE FUNCTION erpdesk.number_has_its_key();

-- A name that was there twice before names became unique may stay; once it is changed it is as unique as every other.
CREATE OR REPLACE FUNCTION erpdesk.name_is_its_own() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    NEW.name_is_shared := false;
    RETURN NEW;
END $$;
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['item', 'party'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS name_is_its_own ON erpdesk.%I', t);
        EXECUTE format('CREATE TRIGGER name_is_its_own BEFORE UPDATE OF name_key ON erpdesk.%I FOR EACH ROW '
                       'WHEN (OLD.name_key <> NEW.name_key) EXECUTE FUNCTION erpdesk.name_is_its_own()', t);
    END LOOP;
END $$;

DO $$
DECLARE f regprocedure;
BEGIN
    FOR f IN SELECT x.oid::regprocedure FROM pg_proc x JOIN pg_namespace n ON n.oid = x.pronamespace
        WHERE n.nspname = 'erpdesk' AND x.proname IN ('key_of', 'number_has_its_key', 'name_is_its_own')
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO erpdesk_engine', f);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    END LOOP;
END $$;
