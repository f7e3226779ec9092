"""What no credential can change, other hosts, and texts that say nothing."""

from tests.tokens.catalogue.diagnosis.texts import URL, Text, unable

_REJECTED = (
    f"To {URL}\n ! [remote rejected] main -> main (pre-receive hook declined)\n"
    f"error: failed to push some refs to '{URL}'"
)


def _not(rule: str, text: str) -> Text:
    return Text(rule, "not_credential_related", text)


ELSEWHERE_TEXTS = (
    _not("proxy_refuses", f"fatal: unable to access '{URL}/': Received HTTP code 407 from proxy after CONNECT"),
    _not("proxy_refuses", f"fatal: unable to access '{URL}/': CONNECT tunnel failed, response 403"),
    _not("proxy_refuses", "requests.exceptions.ProxyError: HTTPSConnectionPool(host='api.bitbucket.org', port=443)"),
    _not("proxy_refuses", f"fatal: unable to access '{URL}/': Could not resolve proxy: proxy.acme.test"),
    _not("status_407", "curl: (56) status code 407 while asking https://api.bitbucket.org/2.0/user"),
    _not(
        "certificate_not_trusted",
        f"fatal: unable to access '{URL}/': SSL certificate problem: self signed certificate in certificate chain",
    ),
    _not(
        "certificate_not_trusted",
        f"fatal: unable to access '{URL}/': SSL certificate problem: unable to get local issuer certificate",
    ),
    _not("certificate_not_trusted", "x509: certificate signed by unknown authority"),
    _not(
        "certificate_not_trusted",
        "javax.net.ssl.SSLHandshakeException: PKIX path building failed: unable to find valid path",
    ),
    _not("name_not_found", f"fatal: unable to access '{URL}/': Could not resolve host: bitbucket.org"),
    _not(
        "name_not_found",
        "ssh: Could not resolve hostname bitbucket.org: Name or service not known\nfatal: Could not "
        "read from remote repository.",
    ),
    _not("name_not_found", "dial tcp: lookup api.bitbucket.org on 10.0.0.2:53: no such host"),
    _not("disk_full", "error: unable to write file src/big.bin\nfatal: write error: No space left on device"),
    _not("disk_full", "fatal: cannot pread pack file: There is not enough space on the disk. D:\\agent\\_work\\1"),
    _not("folder_trouble", "fatal: not a git repository (or any of the parent directories): .git"),
    _not("folder_trouble", "error: cannot open '.git/FETCH_HEAD': Permission denied"),
    _not("folder_trouble", "fatal: detected dubious ownership in repository at 'C:/builds/web'"),
    _not("too_big", f"remote: fatal: pack exceeds maximum allowed size\n{_REJECTED}"),
    _not(
        "too_big",
        f"remote: Repository is over the size limit (4 GB) and will not accept further additions.\n{_REJECTED}",
    ),
    _not("too_big", f"remote: The push contains files larger than 100 MB:\nremote:   assets/film.mp4\n{_REJECTED}"),
    _not(
        "too_big", "error: RPC failed; HTTP 413 curl 22 The requested URL returned error: 413 Request Entity Too Large"
    ),
    _not("status_413", f"{unable(413)}"),
    _not(
        "histories_differ",
        f"To {URL}\n ! [rejected] main -> main (non-fast-forward)\nerror: failed to push some refs to '{URL}'",
    ),
    _not(
        "histories_differ",
        f"To {URL}\n ! [rejected] main -> main (fetch first)\nerror: failed to push some refs to '{URL}'",
    ),
    _not(
        "histories_differ",
        "CONFLICT (content): Merge conflict in app.py\nAutomatic merge failed; fix conflicts and then "
        "commit the result.",
    ),
    _not(
        "histories_differ",
        "error: src refspec main does not match any\nerror: failed to push some refs to 'bitbucket.org:acme/web.git'",
    ),
    _not(
        "host_not_known",
        "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\nHost key for bitbucket.org has "
        "changed and you have requested "
        "strict checking.\nHost key verification failed.\nfatal: Could not read from remote repository.",
    ),
    _not("host_not_known", "No ED25519 host key is known for ssh.bitbucket.org\nHost key verification failed."),
    _not("host_asked_about", "The authenticity of host 'bitbucket.org (104.192.141.1)' can't be established."),
    _not("other_registry", "toomanyrequests: You have reached your pull rate limit. Status 429"),
    _not("other_registry", "npm ERR! code E401\nnpm ERR! 401 Unauthorized - GET https://registry.npmjs.org/@acme%2fui"),
    _not(
        "ssh_at_the_old_name",
        "ssh: connect to host bitbucket.org port 22: Connection refused\nfatal: Could not read from remote repository.",
    ),
    _not(
        "ssh_at_the_old_name",
        "$ git fetch git@bitbucket.org:acme/web.git\nkex_exchange_identification: Connection closed by remote host\n"
        "fatal: Could not read from remote repository.",
    ),
    _not(
        "line_cut",
        "ssh: connect to host ssh.bitbucket.org port 22: Connection timed out\nfatal: Could not read "
        "from remote repository.",
    ),
    _not(
        "line_cut",
        "error: RPC failed; curl 56 Recv failure: Connection reset by peer\nfatal: early EOF\nfatal: index-pack failed",
    ),
    _not(
        "line_cut",
        f"fatal: unable to access '{URL}/': Failed to connect to bitbucket.org port 443 after 21045 ms: Timed out",
    ),
    _not(
        "line_cut", "HTTPSConnectionPool(host='api.bitbucket.org', port=443): Max retries exceeded with url: /2.0/user"
    ),
    _not("server_fault", f"{unable(502)}\n<h1>502 Bad Gateway</h1>"),
    _not("status_5xx", unable(503)),
    _not("hung_up", "fatal: the remote end hung up unexpectedly"),
    _not("hung_up", "fatal: early EOF"),
    Text(
        "another_host",
        "other",
        "remote: Support for password authentication was removed.\nfatal: Authentication failed for "
        "'https://github.com/acme/web.git/'",
    ),
    Text(
        "another_host",
        "other",
        "git@gitlab.com: Permission denied (publickey).\nfatal: Could not read from remote repository.",
    ),
    Text(
        "another_host",
        "other",
        "remote: error: GH006: Protected branch update failed.\n ! [remote rejected] main\nTo github.com:acme/web.git",
    ),
    Text("own_server", "other", "fatal: Authentication failed for 'https://bitbucket.acme.test/scm/web/app.git/'"),
    Text(
        "own_server",
        "other",
        "401 Client Error: Unauthorized for url: https://git.acme.test/rest/api/1.0/projects/WEB/repos",
    ),
    Text("", "other", ""),
    Text("", "other", " \n\t\n"),
    Text("", "other", "It does not work any more. Can you help?"),
    Text("", "other", "Traceback (most recent call last):\n  File \"app.py\", line 3\nKeyError: 'name'"),
    Text("", "other", "Everything up-to-date"),
    Text("", "other", "build 401 of 404 finished: 403 tests passed"),
    Text("", "other", "Set the header with a Bearer token; basic authentication needs your e-mail."),
    Text("", "other", "* TLSv1.3 (OUT), TLS handshake, Client hello (1):\n* SSL certificate verify ok.\n< HTTP/2 200"),
)
