"""What to paste at a store, so that the public may read, nobody may overwrite, and podfeed may do only what it must."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from podfeed.model import Target
from podfeed.publish.probe import PROBES

_VERSION = "2012-10-17"


def public_read(target: Target) -> str:
    """The bucket policy that lets everybody get objects, and list none."""
    statement = {
        "Sid": "PublicRead",
        "Effect": "Allow",
        "Principal": "*",
        "Action": ["s3:GetObject"],
        "Resource": [_resource(target, "*")],
    }
    return _policy(statement)


def write_once(target: Target, media_folders: Iterable[str]) -> str:
    """A statement for the bucket policy that lets nobody overwrite media, however old or wrong a client is.

    Source: Amazon S3, enforce conditional writes on buckets.
    """
    statement = {
        "Sid": "MediaAreWriteOnce",
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["s3:PutObject"],
        "Resource": [_resource(target, f"{folder}/*") for folder in media_folders],
        # The parts of a large upload can have no condition; its end must.
        "Condition": {"Null": {"s3:if-none-match": "true"}, "Bool": {"s3:ObjectCreationOperation": "true"}},
    }
    return _text(statement)


def cors() -> str:
    """The CORS rules by which players on web pages may read feeds, transcripts and chapters, and jump in audio."""
    rule = {
        "AllowedOrigins": ["*"],
        "AllowedMethods": ["GET", "HEAD"],
        "AllowedHeaders": ["Range"],
        "ExposeHeaders": ["Accept-Ranges", "Content-Length", "Content-Range", "ETag"],
        "MaxAgeSeconds": 86_400,
    }
    return _text({"CORSRules": [rule]})


def lifecycle(target: Target) -> str:
    """The lifecycle rules that clear away what was never public, and nothing else."""
    uploads = {
        "ID": "podfeed-unfinished-uploads",
        "Status": "Enabled",
        "Filter": {"Prefix": _start(target)},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 2},
    }
    probes = {
        "ID": "podfeed-probes",
        "Status": "Enabled",
        "Filter": {"Prefix": f"{_start(target)}{PROBES}"},
        "Expiration": {"Days": 1},
    }
    return _text({"Rules": [uploads, probes]})


def least_privilege(target: Target) -> str:
    """The IAM policy of whoever publishes: no deleting, no permissions, no other prefix."""
    listing: dict[str, Any] = {
        "Sid": "List",
        "Effect": "Allow",
        "Action": ["s3:ListBucket", "s3:ListBucketMultipartUploads"],
        "Resource": [f"arn:aws:s3:::{target.bucket}"],
    }
    if target.prefix:
        # “IfExists”, for else a key that is not there is answered with 403 in place of 404.
        listing["Condition"] = {"StringLikeIfExists": {"s3:prefix": [f"{_start(target)}*"]}}
    objects = {
        "Sid": "ReadAndWrite",
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"],
        "Resource": [_resource(target, "*")],
    }
    return _policy(listing, objects)


def _start(target: Target) -> str:
    return f"{target.prefix}/" if target.prefix else ""


def _resource(target: Target, pattern: str) -> str:
    return f"arn:aws:s3:::{target.bucket}/{_start(target)}{pattern}"


def _policy(*statements: dict[str, Any]) -> str:
    return _text({"Version": _VERSION, "Statement": list(statements)})


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
