package io.kubra.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubra.api.json.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A headless Chromium with one page, driven by its DevTools protocol. */
final class Browser implements AutoCloseable {
  static final String PROGRAM = "/usr/bin/chromium";

  private final Process process;
  private final HttpClient http = HttpClient.newHttpClient();
  private final WebSocket page;
  private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
  private int calls;

  /** Starts a browser that keeps its files in a folder. */
  Browser(Path profile) throws Exception {
    process =
        new ProcessBuilder(
                List.of(
                    PROGRAM,
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--ignore-certificate-errors",
                    "--window-size=1280,900",
                    "--remote-debugging-port=0",
                    "--user-data-dir=" + profile,
                    "about:blank"))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    Path port = profile.resolve("DevToolsActivePort");
    await().atMost(60, TimeUnit.SECONDS).until(() -> Files.exists(port) && Files.size(port) > 0);
    String list = "http://127.0.0.1:" + Files.readAllLines(port).getFirst() + "/json/list";
    await().until(() -> pageOf(list) != null);
    page =
        http.newWebSocketBuilder()
            .buildAsync(URI.create(String.valueOf(pageOf(list))), new Listener())
            .join();
  }

  private @Nullable String pageOf(String list) throws Exception {
    String body =
        http.send(HttpRequest.newBuilder(URI.create(list)).build(), BodyHandlers.ofString()).body();
    return ((List<?>) Objects.requireNonNull(Json.parse(body)))
        .stream()
            .map(target -> (Map<?, ?>) target)
            .filter(target -> "page".equals(target.get("type")))
            .map(target -> String.valueOf(target.get("webSocketDebuggerUrl")))
            .findFirst()
            .orElse(null);
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        messages.add(text.toString());
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }
  }

  private Map<?, ?> call(String method, String parameter, String value) throws Exception {
    long id = ++calls;
    Map<String, Object> call =
        Map.of("id", id, "method", method, "params", Map.of(parameter, value));
    page.sendText(new String(Json.write(call), StandardCharsets.UTF_8), true).join();
    while (true) {
      String message = messages.poll(60, TimeUnit.SECONDS);
      assertThat(message).as("the browser's answer to %s", method).isNotNull();
      Map<?, ?> answer = (Map<?, ?>) Objects.requireNonNull(Json.parse(message));
      if (answer.get("id") instanceof Number number && number.longValue() == id) {
        return (Map<?, ?>) Objects.requireNonNull(answer.get("result"), message);
      }
    }
  }

  /** Opens an address. */
  void open(String address) throws Exception {
    var unused = call("Page.navigate", "url", address);
  }

  /** Runs JavaScript in the page, and returns its result as text. */
  String script(String code) throws Exception {
    Map<?, ?> result = (Map<?, ?>) call("Runtime.evaluate", "expression", code).get("result");
    return result == null ? "" : String.valueOf(result.get("value"));
  }

  /** Waits until the page shows a text. */
  void awaitText(String text) {
    await()
        .atMost(60, TimeUnit.SECONDS)
        .untilAsserted(
            () ->
                assertThat(script("document.body ? document.body.innerText : ''")).contains(text));
  }

  /** A picture of the page, as PNG. */
  byte[] picture() throws Exception {
    return Base64.getDecoder()
        .decode(String.valueOf(call("Page.captureScreenshot", "format", "png").get("data")));
  }

  @Override
  public void close() throws Exception {
    page.abort();
    http.close();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.waitFor();
  }
}
