"""Calls in source code: what a function is given, also where the address is put together from pieces."""

import pytest

from tests.tokens.catalogue.operations.reading import ACME, API, PULL_REQUEST, PULL_REQUESTS, REPOSITORY, meanings

LIST, OPEN = f"GET {PULL_REQUESTS}", f"POST {PULL_REQUESTS}"
USER = f'"{API}/user"'


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f'requests.get({USER}, auth=("a", "b"))', ["GET /user"]),
        (f"r = requests.get('{API}/user')", ["GET /user"]),
        (f'requests.request("POST", "{ACME}/pipelines")', [f"POST {REPOSITORY}/pipelines"]),
        (f'requests.request(method="post", url="{ACME}/pipelines")', [f"POST {REPOSITORY}/pipelines"]),
        (f'requests.post(url="{ACME}/pipelines", json={{}})', [f"POST {REPOSITORY}/pipelines"]),
        ('session.post(f"{BASE}/repositories/{ws}/{repo}/pullrequests", json=body)', [OPEN]),
        ('session.post(f"{BASE}/repositories/{self.ws}/{self.repo}/pullrequests")', [OPEN]),
        ("self.s.get(f\"{BASE}/repositories/{d['ws']}/{d['slug']}/pullrequests\")", [LIST]),
        ('session.get(self.url + "/repositories/acme/web/pullrequests")', [LIST]),
        ('session.get(self.base_url + f"/repositories/{ws}/{repo}/pullrequests")', [LIST]),
        ('session.get(BASE + "/repositories/" + ws + "/" + repo + "/pullrequests")', [LIST]),
        ('session.get(self.base() + "/repositories/" + ws + "/" + repo + "/pullrequests")', [LIST]),
        (f'session.get("{API}/repositories/" + ws + "/" + repo)', [f"GET {REPOSITORY}"]),
        (f'session.get("{API}/repositories/" + full_name)', [f"GET {REPOSITORY}"]),
        (f'session.get("{API}/repositories/" + workspace)', ["GET /repositories/{workspace}"]),
        (f'session.get("{API}/repositories/%s/%s/pullrequests" % (ws, repo))', [LIST]),
        (f'session.get("{API}/repositories/%(ws)s/%(repo)s/pullrequests" % names)', [LIST]),
        (f'session.get("{API}/repositories/{{}}/{{}}/pullrequests".format(ws, repo))', [LIST]),
        (f'session.get("{API}/repositories/{{0}}/{{1}}/pullrequests".format(ws, repo))', [LIST]),
        ('session.get("{}/repositories/{}/{}/pullrequests".format(base, ws, repo))', [LIST]),
        ('session.get(urljoin(BASE, "/repositories/acme/web"))', [f"GET {REPOSITORY}"]),
        ('self._get("repositories/acme/web/pullrequests")', [LIST]),
        ('self.client.delete("/repositories/%s/%s" % (ws, repo))', [f"DELETE {REPOSITORY}"]),
        (f"urllib.request.urlopen({USER})", ["GET /user"]),
        (f'urllib.request.urlopen("{ACME}/pipelines", data=body)', [f"POST {REPOSITORY}/pipelines"]),
        (f'urllib.request.Request("{ACME}", method="DELETE")', [f"DELETE {REPOSITORY}"]),
        (f"await axios.post(`{API}/repositories/${{ws}}/${{repo}}/pullrequests`, data)", [OPEN]),
        ("axios.get(`${this.baseUrl}/repositories/${ws}/${repo}/pullrequests`)", [LIST]),
        ("axios.get(`${BASE}repositories/${ws}/${encodeURIComponent(repo)}/pullrequests`)", [LIST]),
        (f"axios({{ method: 'post', url: '{ACME}/pipelines' }})", [f"POST {REPOSITORY}/pipelines"]),
        (f"axios({USER})", ["GET /user"]),
        (f"fetch({USER})", ["GET /user"]),
        ("fetch(`${BASE}/user`).then(r => r.json())", ["GET /user"]),
        (f'const r = await fetch(`{API}/repositories/${{ws}}/${{repo}}/pullrequests`, {{ method: "POST" }})', [OPEN]),
        (f"$.get({USER})", ["GET /user"]),
        (f"http.Get({USER})", ["GET /user"]),
        (f'req, err := http.NewRequest("DELETE", "{ACME}", nil)', [f"DELETE {REPOSITORY}"]),
        (f'req, err := http.NewRequest(http.MethodPost, "{ACME}/pipelines", nil)', [f"POST {REPOSITORY}/pipelines"]),
        (
            'http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("%s/repositories/%s/%s/src", b, w, r), nil)',
            [f"GET {REPOSITORY}/src"],
        ),
        (f"Net::HTTP.get(URI({USER}))", ["GET /user"]),
        (f'HTTParty.get("{API}/repositories/#{{ws}}/#{{repo}}/pullrequests")', [LIST]),
        (f"client.GetAsync({USER})", ["GET /user"]),
        (
            f'await client.PostAsync($"{API}/repositories/{{ws}}/{{repo}}/pipelines", c);',
            [f"POST {REPOSITORY}/pipelines"],
        ),
        (f'client.get().uri("{API}/user"); client.put("{ACME}")', [f"PUT {REPOSITORY}"]),
        (f'a.get("{API}/user"); a.put("{ACME}/pullrequests/17")', ["GET /user", f"PUT {PULL_REQUEST}"]),
        ('subprocess.run(["git", "push", "origin", branch])', ["git push"]),
        ('subprocess.check_call(["git", "-C", path, "pull"])', ["git fetch"]),
        ('CMD ["git", "clone", "https://bitbucket.org/acme/web.git"]', ["git fetch"]),
        ('subprocess.run(["curl", "-X", "POST", f"{BASE}/repositories/{ws}/{slug}/pullrequests"])', [OPEN]),
        ('os.system("git clone https://bitbucket.org/acme/web.git")', ["git fetch"]),
        ("exec('git push origin main')", ["git push"]),
        ('Repo.clone_from("https://bitbucket.org/acme/web.git", folder)', ["git fetch"]),
        ('Repo.clone_from("https://github.com/acme/web.git", folder)', ["unknown"]),
    ],
)
def test_calls_of_code(line: str, expected: list[str]) -> None:
    assert meanings(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "session.get(url)",
        'session.get(f"{BASE}/{path}")',
        'client.repositories.get("acme", "web")',
        'd.get("user")',
        'headers.get("repositories")',
        'cache.delete("/user")',
        "request.get('/user')",
        "app.get('/repositories/:workspace/:repo', handler)",
        'router.post("/workspaces/:id/hooks", handler)',
        '@GetMapping("/user")',
        "import git",
        "from git import Repo",
        "import http from 'http'",
        f'session.get("https://api.github.com/user"); x = "{API}"',
        'session.get(f"{GITHUB_API}/user")',
        'session.get(BASE + "/repositories/" + repo)',
        'session.get(BASE + "/repositories/" + repo + "/pullrequests")',
        f'url = "{API}/repositories/" + ws + "/" + repo',
        f'BASE = "{API}"',
        f"fetch('{API}/user', {{",
        f"fetch('{API}/user', options",
        f'requests.request(verb, "{API}/user")',
        f'http.NewRequest(method, "{API}/user", nil)',
    ],
)
def test_code_that_does_not_say_enough_is_unknown(line: str) -> None:
    assert meanings(line) == ["unknown"]
