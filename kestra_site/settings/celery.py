"""Celery: queues for workers and nothing else. No results, no events; the database knows."""

from kestra_site.config import current_configuration

CELERY_BROKER_URL = current_configuration().redis_url
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_STORE_EAGER_RESULT = False
CELERY_TASK_ACKS_LATE = False  # leases find what a lost worker held; a second delivery would not
CELERY_TASK_SEND_SENT_EVENT = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_POOL = "solo"  # the worker has threads of its own: see docs/decisions/
CELERY_WORKER_CONCURRENCY = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_DEFAULT_QUEUE = "kestra"
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_TASK_QUEUE_MAX_PRIORITY = None
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker, however long
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Seconds. A message is acknowledged as soon as it is taken, so only a worker that is killed in
    # that moment leaves one behind. It goes back to its queue after this time; the executor sends
    # its attempts again by then, and the claim lets only one of the two begin.
    "visibility_timeout": 120,
    "socket_keepalive": True,
    "health_check_interval": 30,
    "priority_steps": [0],  # one list a queue: priorities are the executor's business
    "queue_order_strategy": "round_robin",
}
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
