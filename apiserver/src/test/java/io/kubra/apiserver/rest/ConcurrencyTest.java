package io.kubra.apiserver.rest;

import static io.kubra.apiserver.rest.ConfigMaps.PATH;
import static io.kubra.apiserver.rest.ConfigMaps.configMap;
import static io.kubra.apiserver.rest.ConfigMaps.create;
import static io.kubra.apiserver.rest.ConfigMaps.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.transport.http.HttpClientResponse;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpRequest;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConcurrencyTest {
  private TestingApiServer api;

  @BeforeEach
  void start() {
    api = TestingApiServer.start();
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private static void inParallel(int threads, java.util.function.IntConsumer work)
      throws InterruptedException {
    List<Thread> all = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int number = t;
      all.add(Thread.ofVirtual().start(() -> work.accept(number)));
    }
    for (Thread t : all) {
      t.join();
    }
  }

  @Test
  void onlyOneOfManyCreatesSucceeds() throws InterruptedException {
    AtomicInteger created = new AtomicInteger();
    inParallel(
        16,
        t -> {
          if (api.send("POST", PATH, configMap("one", "t" + t)).status() == 201) {
            created.incrementAndGet();
          }
        });
    assertThat(created).hasValue(1);
  }

  @Test
  void updatesThatConflictAreNotLost() throws InterruptedException {
    Map<String, Object> counter = configMap("counter", "a");
    Trees.set(counter, "0", "data", "n");
    api.send("POST", PATH, counter);
    int each = 20;
    inParallel(
        8,
        t -> {
          for (int i = 0; i < each; ) {
            Map<String, Object> now = api.send("GET", PATH + "/counter", null).tree();
            int n = Integer.parseInt(Trees.stringOr(now, "0", "data", "n"));
            Trees.set(now, Integer.toString(n + 1), "data", "n");
            if (api.send("PUT", PATH + "/counter", now).status() == 200) {
              i++;
            }
          }
        });
    assertThat(Trees.string(api.send("GET", PATH + "/counter", null).tree(), "data", "n"))
        .isEqualTo("160");
  }

  @Test
  void listAndWatchTogetherMissNothing() throws Exception {
    long seed = System.nanoTime();
    create(api, "start", "a");
    Map<String, Object> list = api.send("GET", PATH, null).tree();
    TreeMap<String, String> seen = new TreeMap<>();
    for (Map<String, Object> item : Trees.maps(list, "items")) {
      seen.put(Trees.stringOr(item, "", "metadata", "name"), version(item));
    }
    try (HttpClientResponse watch =
        api.transport()
            .send(
                HttpRequest.of(
                    "GET",
                    URI.create(PATH + "?watch=1&resourceVersion=" + version(list)),
                    new HttpHeaders()))) {
      inParallel(4, t -> write(new Random(seed + t), t));
      create(api, "zz-end", "a");
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(watch.body(), StandardCharsets.UTF_8));
      long last = 0;
      String name;
      do {
        Map<String, Object> event = ConfigMaps.tree(lines.readLine());
        name = Trees.stringOr(event, "", "object", "metadata", "name");
        String version = Trees.stringOr(event, "", "object", "metadata", "resourceVersion");
        assertThat(Long.parseLong(version)).as("seed %d", seed).isGreaterThan(last);
        last = Long.parseLong(version);
        if (event.get("type").equals("DELETED")) {
          assertThat(seen.remove(name)).as("seed %d: %s", seed, name).isNotNull();
        } else {
          boolean known = seen.put(name, version) != null;
          assertThat(event.get("type"))
              .as("seed %d: %s", seed, name)
              .isEqualTo(known ? "MODIFIED" : "ADDED");
        }
      } while (!name.equals("zz-end"));
    }
    TreeMap<String, String> actual = new TreeMap<>();
    for (Map<String, Object> item : Trees.maps(api.send("GET", PATH, null).tree(), "items")) {
      actual.put(Trees.stringOr(item, "", "metadata", "name"), version(item));
    }
    assertThat(seen).as("seed %d", seed).isEqualTo(actual);
  }

  private void write(Random random, int thread) {
    for (int i = 0; i < 200; i++) {
      String name = "c" + random.nextInt(20);
      switch (random.nextInt(3)) {
        case 0 -> api.send("POST", PATH, configMap(name, "t" + thread));
        case 1 ->
            api.send(
                "PATCH",
                PATH + "/" + name,
                "application/merge-patch+json",
                ("{\"data\":{\"k\":\"" + thread + "-" + i + "\"}}")
                    .getBytes(StandardCharsets.UTF_8));
        default -> api.send("DELETE", PATH + "/" + name, null);
      }
    }
  }
}
