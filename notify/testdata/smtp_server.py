# A mail server for the tests, on aiosmtpd. What it takes in is written to its output, one JSON line a letter. How it answers depends on
# the receiver's name:
#   refused   is unknown for good
#   laterN    is told to come back, N times, and is then taken
#   full      is refused when all has been said
#   broken    is taken, but the connection breaks before the answer
#
# usage: smtp_server.py [-cert FILE -key FILE [-implicit]] [-user NAME -password TEXT]
import argparse
import asyncio
import email
import email.policy
import json
import re
import ssl

from aiosmtpd.smtp import SMTP, AuthResult

parser = argparse.ArgumentParser()
for name in ("cert", "key", "user", "password"):
    parser.add_argument("-" + name)
parser.add_argument("-implicit", action="store_true")
args = parser.parse_args()
tried = {}


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        name = address.partition("@")[0]
        later = re.fullmatch(r"later(\d+)", name)
        if name == "refused":
            return "550 5.1.1 no such receiver: " + address
        if later:
            tried[address] = tried.get(address, 0) + 1
            if tried[address] <= int(later[1]):
                return "450 4.2.0 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        name = envelope.rcpt_tos[0].partition("@")[0]
        if name == "full":
            return "552 5.2.2 no room"
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        say({
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": session.ssl is not None or args.implicit,
            "headers": [[k, str(v)] for k, v in message.items()],
            "body": message.get_content(),
        })
        if name == "broken":
            server.transport.abort()
        return "250 OK"


def say(what):
    print(json.dumps(what), flush=True)


def authenticate(server, session, envelope, mechanism, data):
    good = data.login.decode() == args.user and data.password.decode() == args.password
    return AuthResult(success=good, handled=False)


async def main():
    context = None
    if args.cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(args.cert, args.key)
    options = {"hostname": "localhost"}
    if context and not args.implicit:
        options.update(tls_context=context, require_starttls=True)
    if args.user:
        options.update(authenticator=authenticate, auth_required=True, auth_require_tls=not args.implicit)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Handler(), **options), "127.0.0.1", 0, ssl=context if args.implicit else None)
    say({"port": server.sockets[0].getsockname()[1]})
    await server.serve_forever()


asyncio.run(main())
