package io.kubra.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** A headless Chromium with one page, driven by its DevTools protocol. */
final class Browser implements AutoCloseable {
  static final String PROGRAM = "/usr/bin/chromium";
  private static final ObjectMapper JSON = JsonMapper.builder().build();

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
    for (JsonNode target : JSON.readTree(body)) {
      if (target.path("type").asString("").equals("page")) {
        return target.path("webSocketDebuggerUrl").asString("");
      }
    }
    return null;
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

  private JsonNode call(String method, String parameters) throws Exception {
    int id = ++calls;
    page.sendText(
            "{\"id\":%d,\"method\":\"%s\",\"params\":%s}".formatted(id, method, parameters), true)
        .join();
    while (true) {
      String message = messages.poll(60, TimeUnit.SECONDS);
      assertThat(message).as("the browser's answer to %s", method).isNotNull();
      JsonNode answer = JSON.readTree(message);
      if (answer.path("id").asInt(0) == id) {
        return answer.path("result");
      }
    }
  }

  /** Opens an address. */
  void open(String address) throws Exception {
    var unused = call("Page.navigate", "{\"url\":" + JSON.writeValueAsString(address) + "}");
  }

  /** Runs JavaScript in the page, and returns its result as text. */
  String script(String code) throws Exception {
    return call("Runtime.evaluate", "{\"expression\":" + JSON.writeValueAsString(code) + "}")
        .path("result")
        .path("value")
        .asString("");
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
        .decode(call("Page.captureScreenshot", "{\"format\":\"png\"}").path("data").asString(""));
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
