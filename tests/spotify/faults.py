"""Faults on demand: each is a rule that hits the next `times` requests whose path begins as it says.

    {"path": "/v1/me/top", "times": 2, "status": 429, "headers": {"Retry-After": "1"}, "body": "..."}
    {"path": "/v1/me/tracks", "times": 1, "drop": true}          the connection ends without an answer
    {"path": "/v1/me/tracks", "times": 1, "delay_s": 3}          the answer comes late
"""
import json
import threading

QUOTA = {"error": {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}}
# By name, what was seen of the real one.
NAMED = {
    "429": {"status": 429, "headers": {"Retry-After": "1"}, "body": {"error": {"status": 429,
                                                                                "message": "API rate limit exceeded"}}},
    "429-zero": {"status": 429, "headers": {"Retry-After": "0"}, "body": {"error": {
        "status": 429, "message": "API rate limit exceeded"}}},
    "429-absent": {"status": 429, "body": ""},
    "429-day": {"status": 429, "headers": {"Retry-After": "85771"}, "body": {"error": {
        "status": 429, "message": "Too many requests"}}},
    "quota": {"status": 429, "headers": {"Retry-After": "3600"}, "body": QUOTA},
    "403-json": {"status": 403, "body": {"error": {"status": 403, "message": "Insufficient client scope"}}},
    "403-text": {"status": 403, "body": "User not registered in the Developer Dashboard"},
    "500": {"status": 500, "body": "Oops"},
    "503": {"status": 503, "body": {"error": {"status": 503, "message": "Service unavailable"}}},
    "no-json": {"status": 200, "body": "<html>not what was asked for</html>"},
    "drop": {"drop": True},
    "slow": {"delay_s": 1},
}


class Faults:
    def __init__(self):
        self.lock, self.rules = threading.Lock(), []

    def set(self, rules):
        """Each rule may name one of NAMED as "fault"."""
        with self.lock:
            self.rules = [NAMED.get(rule.get("fault"), {}) | rule for rule in rules]

    def take(self, path):
        """The rule that hits this request, or None."""
        with self.lock:
            for rule in self.rules:
                if path.startswith(rule["path"]) and rule.setdefault("times", 1) > 0:
                    rule["times"] -= 1
                    return rule
        return None


def body_of(rule):
    body = rule.get("body", "")
    return body if isinstance(body, str) else json.dumps(body)
