"""What passkeys do: what the browser is asked, and whether its answer is true (WebAuthn Level 3, 7). Keeps nothing.

The caller sees to it that each challenge is good for one answer and a few minutes, and knows which credential is whose. Loaded by
`accounts.later`: the library takes 14 MB, and most processes never see a passkey.
"""

import json
from collections.abc import Iterable
from typing import Any

import webauthn
from webauthn.helpers import (
    base64url_to_bytes,
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal.accounts.passkeys import (
    LONGEST_ID,
    TIMEOUT_MS,
    Passkey,
    Place,
    Use,
    checked,
    demand,
    not_accepted,
    not_added,
)


def creation_options(
    place: Place, challenge: bytes, *, site: str, user_handle: bytes, email: str, name: str, existing: Iterable[Passkey]
) -> dict[str, Any]:
    """Return what `PublicKeyCredential.parseCreationOptionsFromJSON` takes: a passkey that can be the only factor.

    It is kept on the authenticator, which asks for its PIN or finger each time; no authenticator that already has one of the
    user's; no attestation, since any make is welcome and none should be told.
    """
    options = webauthn.generate_registration_options(
        rp_id=place.rp_id,
        rp_name=site,
        user_id=user_handle,
        user_name=email,
        user_display_name=name,
        challenge=challenge,
        timeout=TIMEOUT_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[_descriptor(passkey) for passkey in existing],
    )
    return webauthn.helpers.options_to_json_dict(options)


def request_options(place: Place, challenge: bytes) -> dict[str, Any]:
    """Return what `PublicKeyCredential.parseRequestOptionsFromJSON` takes; it names no credential, so it tells of no account."""
    options = webauthn.generate_authentication_options(
        rp_id=place.rp_id, challenge=challenge, timeout=TIMEOUT_MS, user_verification=UserVerificationRequirement.REQUIRED
    )
    return webauthn.helpers.options_to_json_dict(options)


def created(answer: str, place: Place, challenge: bytes, *, user_handle: bytes) -> Passkey:
    """Return the passkey that a browser's answer to `creation_options` brings, or raise PasskeyRefused.

    `answer` is the JSON of the credential's `toJSON()`.
    """

    def verify() -> Passkey:
        credential = parse_registration_credential_json(answer)
        _demand_own_window(credential.response.client_data_json)
        found = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=place.rp_id,
            expected_origin=place.origin,
            require_user_verification=True,
        )
        demand(found.credential_id == credential.raw_id and len(found.credential_id) <= LONGEST_ID, "another id")
        decoded_public_key_to_cryptography(
            decode_credential_public_key(found.credential_public_key)
        )  # without attestation unread
        return Passkey(
            credential_id=found.credential_id,
            user_handle=user_handle,
            public_key=found.credential_public_key,
            sign_count=found.sign_count,
            backup_eligible=found.credential_device_type == CredentialDeviceType.MULTI_DEVICE,
            backed_up=found.credential_backed_up,
            transports=tuple(sorted({transport.value for transport in credential.response.transports or ()})),
        )

    return checked(answer, verify, not_added())


def challenge_in(answer: str) -> bytes:
    """Return the challenge that an answer of either kind carries back, to be called within `checked`."""
    return parse_client_data_json(base64url_to_bytes(json.loads(answer)["response"]["clientDataJSON"])).challenge


def credential_id(answer: str) -> bytes:
    """Return which credential a browser's answer to `request_options` is of, so that the caller can look it up."""
    return checked(answer, lambda: parse_authentication_credential_json(answer).raw_id, not_accepted())


def used(answer: str, place: Place, challenge: bytes, *, passkey: Passkey) -> Use:
    """Return what to store of a sign-in with a passkey whose answer is true, or raise PasskeyRefused.

    The answer must be of this passkey and its user, to this challenge, on this site, by somebody whom the authenticator has
    verified, with a count above the kept one (a copy of the key shows by it) where the authenticator counts.
    """

    def verify() -> Use:
        credential = parse_authentication_credential_json(answer)
        _demand_own_window(credential.response.client_data_json)
        demand(credential.raw_id == passkey.credential_id, "another credential")
        demand(credential.response.user_handle == passkey.user_handle, "another user")
        found = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=place.rp_id,
            expected_origin=place.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
        eligible = found.credential_device_type == CredentialDeviceType.MULTI_DEVICE
        demand(eligible == passkey.backup_eligible, "another kind of authenticator")  # never changes (WebAuthn Level 3, 6.1.3)
        return Use(sign_count=found.new_sign_count, backed_up=found.credential_backed_up)

    return checked(answer, verify, not_accepted())


def _demand_own_window(client_data: bytes) -> None:
    """Refuse an answer given within a frame of another site; the library does not look at it."""
    demand(not parse_client_data_json(client_data).cross_origin, "in another site's frame")


def _descriptor(passkey: Passkey) -> PublicKeyCredentialDescriptor:
    transports = [AuthenticatorTransport(transport) for transport in passkey.transports]
    return PublicKeyCredentialDescriptor(id=passkey.credential_id, transports=transports or None)
