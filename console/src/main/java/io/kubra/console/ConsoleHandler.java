package io.kubra.console;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.kubra.api.json.Json;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.client.ApiClient;
import io.kubra.client.ApiRequest;
import io.kubra.console.page.Page;
import io.kubra.console.page.Pages;
import io.kubra.console.page.Visit;
import io.kubra.console.session.Session;
import io.kubra.console.session.Sessions;
import io.kubra.transport.http.BodyTooLargeException;
import io.kubra.transport.http.HttpExchange;
import io.kubra.transport.http.HttpHandler;
import io.kubra.transport.http.HttpHeaders;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the requests of browsers. Whoever has no session sees the login page only; it takes a
 * bearer token that the API server accepts. The session's cookie is sent by pages of this origin
 * only, and nothing but login and logout changes anything, so that no other site can act for a
 * user.
 */
final class ConsoleHandler implements HttpHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ConsoleHandler.class);
  private static final String COOKIE = "__Host-kubra-session";
  private static final int LARGEST_FORM = 64 * 1024;
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
  private static final String REVIEW =
      "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"SelfSubjectReview\"}";

  private final String cluster;
  private final Function<String, ApiClient> connect;
  private final Sessions sessions;
  private final InstantSource clock;
  private @Nullable TemplateEngine engine;

  /**
   * @param connect makes a client that shows a token
   */
  ConsoleHandler(
      String cluster, Function<String, ApiClient> connect, Sessions sessions, InstantSource clock) {
    this.cluster = cluster;
    this.connect = connect;
    this.sessions = sessions;
    this.clock = clock;
  }

  @Override
  public void handle(HttpExchange exchange) throws BodyTooLargeException {
    String path = exchange.rawPath();
    switch (exchange.method()) {
      case "GET", "HEAD" -> {
        if (path.startsWith("/assets/")) {
          asset(exchange, path.substring("/assets/".length()));
        } else if (path.equals("/login")) {
          login(exchange, 200, "");
        } else {
          page(exchange);
        }
      }
      case "POST" -> {
        switch (path) {
          case "/login" -> begin(exchange);
          case "/logout" -> end(exchange);
          default -> failure(exchange, null, 404, "There is no such page.");
        }
      }
      default -> failure(exchange, null, 405, "Pages can only be read.");
    }
  }

  private static void asset(HttpExchange exchange, String name) {
    Optional<Assets.Asset> asset = Assets.find(name);
    if (asset.isEmpty()) {
      exchange.respond(404, secured(new HttpHeaders()));
      return;
    }
    HttpHeaders headers = secured(HttpHeaders.of("Content-Type", asset.get().type()));
    headers.set("Cache-Control", "private, max-age=3600");
    exchange.respond(200, headers, asset.get().bytes());
  }

  private void begin(HttpExchange exchange) throws BodyTooLargeException {
    String form = new String(exchange.readBody(LARGEST_FORM), StandardCharsets.UTF_8);
    String token = parameters(form).getOrDefault("token", "").strip();
    if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      login(exchange, 400, "Enter a token.");
      return;
    }
    try {
      String id = sessions.begin(userOf(connect.apply(token)), token);
      redirect(exchange, "/", COOKIE + "=" + id + "; Path=/; Secure; HttpOnly; SameSite=Strict");
    } catch (ApiException e) {
      login(exchange, 401, "The cluster does not accept this token.");
    }
  }

  private static String userOf(ApiClient api) {
    byte[] answer =
        api.call(
            ApiRequest.of(
                "POST",
                "/apis/authentication.k8s.io/v1/selfsubjectreviews",
                "application/json",
                REVIEW.getBytes(StandardCharsets.UTF_8)));
    return Trees.stringOr(Json.parse(answer), "", "status", "userInfo", "username");
  }

  private void end(HttpExchange exchange) {
    cookie(exchange).ifPresent(sessions::end);
    redirect(
        exchange, "/login", COOKIE + "=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
  }

  private void page(HttpExchange exchange) {
    Optional<Session> session = cookie(exchange).flatMap(sessions::find);
    if (session.isEmpty()) {
      redirect(exchange, "/login", null);
      return;
    }
    Visit visit;
    try {
      visit = visit(exchange, session.get());
    } catch (IllegalArgumentException e) {
      failure(exchange, null, 400, "The address is not well formed.");
      return;
    }
    Optional<Page> page = Pages.find(visit);
    if (page.isEmpty()) {
      failure(exchange, visit, 404, "There is no such page.");
      return;
    }
    try {
      Page.Content content = page.get().read(visit);
      render(
          exchange,
          200,
          page.get().template(),
          Map.of("visit", visit, "title", page.get().title(visit), "content", content));
    } catch (ApiException e) {
      if (e.code() == 401) {
        // Expired, or withdrawn by deleting what it belonged to.
        cookie(exchange).ifPresent(sessions::end);
        redirect(exchange, "/login", null);
      } else {
        failure(exchange, visit, e.code(), e.getMessage());
      }
    } catch (UncheckedIOException e) {
      LOG.warn("{} could not be read: {}", visit.path(), e.getMessage());
      failure(exchange, visit, 502, "The API server does not answer.");
    }
  }

  private Visit visit(HttpExchange exchange, Session session) {
    String query = exchange.rawQuery();
    return new Visit(
        cluster,
        session.user(),
        connect.apply(session.token()),
        exchange.rawPath() + (query == null ? "" : "?" + query),
        Visit.segments(exchange.rawPath()),
        parameters(query == null ? "" : query),
        clock.instant());
  }

  private void login(HttpExchange exchange, int status, String problem) {
    render(exchange, status, "login.jte", Map.of("cluster", cluster, "problem", problem));
  }

  private void failure(
      HttpExchange exchange, @Nullable Visit visit, int status, @Nullable String message) {
    Map<String, Object> model = new HashMap<>();
    model.put("visit", visit);
    model.put("status", status);
    model.put("message", message == null ? "" : message);
    render(exchange, status, "failure.jte", model);
  }

  private void render(
      HttpExchange exchange, int status, String template, Map<String, Object> model) {
    StringOutput html = new StringOutput();
    engine().render(template, model, html);
    HttpHeaders headers = secured(HttpHeaders.of("Content-Type", "text/html; charset=utf-8"));
    headers.set("Cache-Control", "no-store");
    exchange.respond(status, headers, html.toString().getBytes(StandardCharsets.UTF_8));
  }

  private synchronized TemplateEngine engine() {
    TemplateEngine made = engine;
    if (made == null) {
      made =
          TemplateEngine.createPrecompiled(
              null, ContentType.Html, ConsoleHandler.class.getClassLoader(), TEMPLATES);
      engine = made;
    }
    return made;
  }

  private static final String TEMPLATES = "io.kubra.console.templates";

  private static void redirect(HttpExchange exchange, String to, @Nullable String cookie) {
    HttpHeaders headers = secured(HttpHeaders.of("Location", to, "Cache-Control", "no-store"));
    if (cookie != null) {
      headers.set("Set-Cookie", cookie);
    }
    exchange.respond(303, headers);
  }

  private static HttpHeaders secured(HttpHeaders headers) {
    return headers
        .set("Content-Security-Policy", POLICY)
        .set("X-Content-Type-Options", "nosniff")
        .set("Referrer-Policy", "no-referrer")
        .set("Cross-Origin-Opener-Policy", "same-origin");
  }

  private static Optional<String> cookie(HttpExchange exchange) {
    for (String header : exchange.headers().all("Cookie")) {
      for (String pair : header.split(";")) {
        String text = pair.strip();
        if (text.startsWith(COOKIE + "=")) {
          return Optional.of(text.substring(COOKIE.length() + 1));
        }
      }
    }
    return Optional.empty();
  }

  private static Map<String, String> parameters(String encoded) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : encoded.split("&")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        parameters.putIfAbsent(
            decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
      }
    }
    return parameters;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
