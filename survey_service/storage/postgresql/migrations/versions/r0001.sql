-- The tables of the first version, and the two functions that are called for every answer.
--
-- What is handed in enters a "fresh" table; every two hundred answers of a wave are mixed: moved to
-- the table of the same name without "fresh", in random order, in one transaction. No column dates,
-- numbers or orders anything, and no table shares a key with the answers.
--
-- No CHECK and no foreign key: when one fails, PostgreSQL writes the whole row to its log.

CREATE TABLE wave (
    id text COLLATE "C" PRIMARY KEY,
    revision bigint NOT NULL,
    record text COLLATE "C" NOT NULL
);

CREATE TABLE code (
    wave text COLLATE "C" NOT NULL,
    hash bytea NOT NULL,
    stratum text COLLATE "C" NOT NULL,
    PRIMARY KEY (wave, hash)
);

CREATE TABLE spent (
    wave text COLLATE "C" NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (wave, hash)
);

CREATE TABLE submission (
    wave text COLLATE "C" NOT NULL,
    digest bytea NOT NULL,
    receipt text COLLATE "C" NOT NULL,
    PRIMARY KEY (wave, digest)
);

-- a response is never looked up by itself: it needs no key, and what has none leads nowhere
CREATE TABLE response (
    wave text COLLATE "C" NOT NULL,
    stratum text COLLATE "C" NOT NULL,
    pace smallint NOT NULL,
    answers bytea NOT NULL
);
CREATE INDEX response_wave ON response (wave);

CREATE TABLE comment (
    wave text COLLATE "C" NOT NULL,
    id bigint NOT NULL,
    item text COLLATE "C" NOT NULL,
    coarse_group text COLLATE "C" NOT NULL,
    words text COLLATE "C" NOT NULL,
    theme text COLLATE "C" NOT NULL,
    paraphrase text COLLATE "C" NOT NULL,
    PRIMARY KEY (wave, id)
);

CREATE TABLE fresh_spent (LIKE spent INCLUDING ALL);
CREATE TABLE fresh_submission (LIKE submission INCLUDING ALL);
CREATE TABLE fresh_response (LIKE response);
CREATE TABLE fresh_comment (LIKE comment INCLUDING ALL);

-- written and emptied to see whether the database takes and keeps what it is given
CREATE TABLE probe (
    number smallint NOT NULL
);

-- the statistics of the planner hold copies of values: none of these may outlive the closing
ALTER TABLE wave ALTER revision SET STATISTICS 0, ALTER record SET STATISTICS 0;
ALTER TABLE code ALTER hash SET STATISTICS 0;
ALTER TABLE spent ALTER hash SET STATISTICS 0;
ALTER TABLE fresh_spent ALTER hash SET STATISTICS 0;
ALTER TABLE submission ALTER digest SET STATISTICS 0, ALTER receipt SET STATISTICS 0;
ALTER TABLE fresh_submission ALTER digest SET STATISTICS 0, ALTER receipt SET STATISTICS 0;
ALTER TABLE response ALTER answers SET STATISTICS 0;
ALTER TABLE fresh_response ALTER answers SET STATISTICS 0;
ALTER TABLE comment ALTER id SET STATISTICS 0, ALTER words SET STATISTICS 0,
    ALTER paraphrase SET STATISTICS 0;
ALTER TABLE fresh_comment ALTER id SET STATISTICS 0, ALTER words SET STATISTICS 0,
    ALTER paraphrase SET STATISTICS 0;

-- Keep one submission; everything in one transaction and one trip over the network.
--
-- The lock is shared: submissions do not wait for each other, only for somebody who changes or
-- closes the wave. Every statement sees what was committed before it began (READ COMMITTED), so
-- what follows the lock sees the wave as it was left. Outcomes: kept (with the receipt, also for a
-- digest that was kept before), changed (the wave is not the one the caller judged by: its present
-- record), wave_unknown, code_unknown, code_used, again (another submission came between: call again).
CREATE FUNCTION submit_response(
    in_wave text, in_lock bigint, in_revision bigint, in_digest bytea, in_receipt text,
    in_code bytea, in_stratum text, in_pace smallint, in_answers bytea,
    in_comments bigint[], in_items text[], in_groups text[], in_words text[],
    OUT outcome text, OUT content text, OUT present bigint
) LANGUAGE plpgsql AS $$
DECLARE
    is_issued boolean;
    is_spent boolean;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(in_lock);
    SELECT revision, CASE WHEN revision <> in_revision THEN record END
    INTO present, content
    FROM wave WHERE id = in_wave;
    IF NOT FOUND THEN
        outcome := 'wave_unknown';
        RETURN;
    ELSIF content IS NOT NULL THEN
        outcome := 'changed';
        RETURN;
    END IF;

    -- one statement: what it sees of the submission and of its code is of one instant
    SELECT
        coalesce(
            (SELECT receipt FROM submission WHERE wave = in_wave AND digest = in_digest),
            (SELECT receipt FROM fresh_submission WHERE wave = in_wave AND digest = in_digest)
        ),
        in_code IS NULL OR EXISTS (SELECT FROM code WHERE wave = in_wave AND hash = in_code),
        EXISTS (SELECT FROM spent WHERE wave = in_wave AND hash = in_code)
            OR EXISTS (SELECT FROM fresh_spent WHERE wave = in_wave AND hash = in_code)
    INTO content, is_issued, is_spent;
    IF content IS NOT NULL THEN
        outcome := 'kept';
        RETURN;
    ELSIF NOT is_issued THEN
        outcome := 'code_unknown';
        RETURN;
    ELSIF is_spent THEN
        outcome := 'code_used';
        RETURN;
    END IF;

    outcome := 'again';
    INSERT INTO fresh_submission VALUES (in_wave, in_digest, in_receipt) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF in_code IS NOT NULL THEN
        INSERT INTO fresh_spent VALUES (in_wave, in_code) ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN
            DELETE FROM fresh_submission WHERE wave = in_wave AND digest = in_digest;
            RETURN;
        END IF;
    END IF;
    -- the same may have been kept and mixed since we looked: then it is no longer in the fresh table
    IF EXISTS (
        SELECT FROM submission WHERE wave = in_wave AND digest = in_digest
        UNION ALL
        SELECT FROM spent WHERE wave = in_wave AND hash = in_code
    ) THEN
        DELETE FROM fresh_submission WHERE wave = in_wave AND digest = in_digest;
        DELETE FROM fresh_spent WHERE wave = in_wave AND hash = in_code;
        RETURN;
    END IF;

    INSERT INTO fresh_response VALUES (in_wave, in_stratum, in_pace, in_answers);
    IF in_comments IS NOT NULL THEN
        INSERT INTO fresh_comment
        SELECT in_wave, t.id, t.item, t.coarse_group, t.words, '', ''
        FROM unnest(in_comments, in_items, in_groups, in_words) AS t (id, item, coarse_group, words)
        ORDER BY gen_random_uuid();
    END IF;
    outcome := 'kept';
    content := in_receipt;
    present := NULL;
END $$;

-- Move what is fresh of a wave, if that is at least so many answers, to the mixed tables: each kind
-- in a random order of its own. Says whether it did. Only one at a time; it never waits for another.
CREATE FUNCTION mix_responses(in_wave text, in_lock bigint, in_turn bigint, in_least bigint)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF NOT pg_try_advisory_xact_lock(in_turn)
        OR NOT pg_try_advisory_xact_lock_shared(in_lock)
        OR (SELECT count(*) FROM fresh_response WHERE wave = in_wave) < in_least THEN
        RETURN false;
    END IF;
    -- one statement, so that all four kinds are those of the same people
    WITH responses AS (DELETE FROM fresh_response WHERE wave = in_wave RETURNING *),
        comments AS (DELETE FROM fresh_comment WHERE wave = in_wave RETURNING *),
        codes AS (DELETE FROM fresh_spent WHERE wave = in_wave RETURNING *),
        submissions AS (DELETE FROM fresh_submission WHERE wave = in_wave RETURNING *),
        moved_comments AS (INSERT INTO comment SELECT * FROM comments ORDER BY gen_random_uuid()),
        moved_codes AS (INSERT INTO spent SELECT * FROM codes ORDER BY gen_random_uuid()),
        moved_submissions AS (
            INSERT INTO submission SELECT * FROM submissions ORDER BY gen_random_uuid()
        )
    INSERT INTO response SELECT * FROM responses ORDER BY gen_random_uuid();
    RETURN true;
END $$;
