package io.kubra.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kubra.transport.http.HttpClientResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages as a browser gets them, on a real API server. */
class ConsoleTest {
  private static final Path BROWSER = Path.of("/usr/bin/chromium");

  @TempDir static Path folder;
  private static TestingConsole console;
  private static String session;

  @BeforeAll
  static void start() throws IOException {
    console = TestingConsole.start(folder.resolve("cluster"));
    console.create("/api/v1/namespaces", "{\"metadata\":{\"name\":\"shop\"}}");
    console.create(
        "/api/v1/nodes",
        "{\"metadata\":{\"name\":\"worker-1\"},\"status\":{\"allocatable\":{\"cpu\":\"2\",\"memory\":\"8Gi\",\"pods\":\"110\"},"
            + "\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}");
    console.create(
        "/api/v1/namespaces/shop/configmaps",
        "{\"metadata\":{\"name\":\"hostile\"},\"data\":{\"a\":\"<script>alert(1)</script>\"}}");
    console.create(
        "/api/v1/namespaces/shop/secrets",
        "{\"metadata\":{\"name\":\"keys\"},\"stringData\":{\"password\":\"hunter2\"}}");
    console.create(
        "/apis/apps/v1/namespaces/shop/deployments",
        "{\"metadata\":{\"name\":\"web\"},\"spec\":{\"replicas\":3,\"selector\":{\"matchLabels\":{\"app\":\"web\"}},"
            + "\"template\":{\"metadata\":{\"labels\":{\"app\":\"web\"}},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"example/web:1\"}]}}}}");
    console.create(
        "/api/v1/namespaces/shop/events",
        "{\"metadata\":{\"name\":\"web.1\"},\"involvedObject\":{\"kind\":\"Deployment\",\"namespace\":\"shop\",\"name\":\"web\"},"
            + "\"reason\":\"OutOfStock\",\"message\":\"nothing left\",\"type\":\"Warning\",\"lastTimestamp\":\"2026-11-01T00:00:00Z\"}");
    console.account("admin", "cluster-admin");
    console.account("guest", null);
    session = console.login(console.token("admin"));
  }

  @AfterAll
  static void stop() {
    console.close();
  }

  @Test
  void withoutASessionThereIsOnlyTheLoginPage() {
    try (HttpClientResponse answer = console.get("/list/secrets", "")) {
      assertThat(answer.status()).isEqualTo(303);
      assertThat(answer.headers().get("Location")).isEqualTo("/login");
    }
    assertThat(console.text("/login", "", 200)).contains("Bearer token");
  }

  @Test
  void aSessionOfTheBrowsersInventionIsNone() {
    try (HttpClientResponse answer = console.get("/", "__Host-kubra-session=made-up")) {
      assertThat(answer.status()).isEqualTo(303);
    }
  }

  @Test
  void aTokenThatTheClusterRefusesOpensNoSession() {
    try (HttpClientResponse answer = console.postLogin("not-a-token")) {
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.headers().get("Set-Cookie")).isNull();
      assertThat(new String(answer.bytes(), StandardCharsets.UTF_8)).contains("does not accept");
    }
  }

  @Test
  void theOverviewShowsNodesWorkloadsAndWarnings() {
    assertThat(console.text("/", session, 200))
        .contains("worker-1", "Deployments", "0 of 3 pods ready", "OutOfStock", "nothing left");
  }

  @Test
  void aListHasKubectlsColumns() {
    assertThat(console.text("/list/deployments.apps?namespace=shop", session, 200))
        .contains("Up-to-date", "/object/deployments.apps/shop/web");
  }

  @Test
  void everyKindThatIsServedCanBeListed() {
    assertThat(console.text("/kinds", session, 200))
        .contains("/list/roles.rbac.authorization.k8s.io");
    assertThat(console.text("/list/roles.rbac.authorization.k8s.io", session, 200))
        .contains("extension-apiserver-authentication-reader");
  }

  @Test
  void secretsAreShownWithoutTheirValues() {
    assertThat(console.text("/object/secrets/shop/keys", session, 200))
        .contains("password")
        .doesNotContain("hunter2", "aHVudGVyMg");
  }

  @Test
  void textOfTheClusterIsNoMarkup() {
    assertThat(console.text("/object/configmaps/shop/hostile", session, 200))
        .contains("&lt;script&gt;alert(1)")
        .doesNotContain("<script>alert");
  }

  @Test
  void aUserSeesNoMoreThanTheApiShowsHim() {
    String guest = console.login(console.token("guest"));
    assertThat(console.text("/list/secrets", guest, 403)).contains("cannot list resource");
    assertThat(console.text("/", guest, 200))
        .contains("cannot list resource")
        .doesNotContain("worker-1");
  }

  @Test
  void whatIsNotThereIsSaid() {
    assertThat(console.text("/list/unicorns", session, 404)).contains("serves no kind unicorns");
    assertThat(console.text("/object/pods/shop/none", session, 404)).contains("not found");
    assertThat(console.text("/nowhere", session, 404)).contains("no such page");
  }

  @Test
  void theLastPublishedConformanceResultIsShown() {
    assertThat(console.text("/conformance", session, 200)).contains("No result has been published");
    console.create(
        "/api/v1/namespaces/kube-system/configmaps",
        """
        {"metadata":{"name":"ra2-conformance"},"data":{"summary.json":
        "{\\"time\\":\\"2026-11-01T00:00:00Z\\",\\"profile\\":\\"basic\\",\\"passed\\":false,\
        \\"areas\\":[{\\"name\\":\\"ntw\\",\\"pass\\":7,\\"fail\\":1}],\
        \\"failed\\":[{\\"id\\":\\"ra2.ntw.017\\",\\"level\\":\\"must\\"}]}"}}
        """);
    assertThat(console.text("/conformance", session, 200))
        .contains("Some musts are not met", "ra2.ntw.017");
  }

  @Test
  void loggingOutEndsTheSession() {
    String other = console.login(console.token("admin"));
    try (HttpClientResponse answer = console.post("/logout", other, "")) {
      assertThat(answer.status()).isEqualTo(303);
    }
    try (HttpClientResponse answer = console.get("/", other)) {
      assertThat(answer.headers().get("Location")).isEqualTo("/login");
    }
  }

  @Test
  void pagesForbidWhateverIsNotTheirOwn() {
    try (HttpClientResponse answer = console.get("/", session)) {
      assertThat(answer.headers().get("Content-Security-Policy")).contains("default-src 'none'");
      assertThat(answer.headers().get("Cache-Control")).isEqualTo("no-store");
    }
    try (HttpClientResponse answer = console.get("/assets/htmx.js", "")) {
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.headers().get("Content-Type")).startsWith("text/javascript");
    }
  }

  @Test
  void aRealBrowserLogsInByTheAddressAndShowsTheOverview() throws Exception {
    assumeTrue(Files.isExecutable(BROWSER), "needs chromium");
    Path picture = folder.resolve("overview.png");
    String address = console.address() + "/login#token=" + console.token("admin");
    String page = browse(address, "--dump-dom");
    assertThat(page).contains("worker-1", "OutOfStock", "Latest warnings");
    browse(address, "--screenshot=" + picture);
    assertThat(Files.size(picture)).isGreaterThan(10_000);
    Path kept = Path.of("target", "screenshots");
    Files.createDirectories(kept);
    Files.write(kept.resolve("overview.png"), Files.readAllBytes(picture));
  }

  private static String browse(String address, String mode) throws Exception {
    Path profile = Files.createTempDirectory(folder, "profile");
    Path out = Files.createTempFile(folder, "browser", ".html");
    Process browser =
        new ProcessBuilder(
                List.of(
                    BROWSER.toString(),
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--ignore-certificate-errors",
                    "--user-data-dir=" + profile,
                    "--window-size=1280,900",
                    "--virtual-time-budget=4000",
                    mode,
                    address))
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      assertThat(browser.waitFor(60, TimeUnit.SECONDS)).as("the browser ended").isTrue();
    } finally {
      browser.descendants().forEach(ProcessHandle::destroyForcibly);
      browser.destroyForcibly();
    }
    return Files.readString(out);
  }
}
