"""PostgreSQL's own refusal to change the audit log."""

REFUSE_CHANGES = (
    """
    CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' AND current_setting('app.audit_purge', true) = 'on' THEN
            RETURN OLD;  -- retention, by the owner of the table only
        END IF;
        IF TG_OP = 'UPDATE' AND OLD.hash = ''
            AND to_jsonb(NEW) - 'sequence' - 'hash' = to_jsonb(OLD) - 'sequence' - 'hash' THEN
            RETURN NEW;  -- sealing
        END IF;
        RAISE EXCEPTION 'the audit log is append-only';
    END $$
    """,
    """
    CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change()
    """,
    "REVOKE UPDATE, DELETE, TRUNCATE ON audit_auditentry FROM kestra_app",
)
ALLOW_CHANGES = (
    "DROP TRIGGER audit_append_only ON audit_auditentry",
    "DROP FUNCTION audit_refuse_change()",
)
