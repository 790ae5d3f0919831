package io.kubra.addons.custom;

import io.kubra.api.json.Json;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.client.ApiClient;
import io.kubra.client.ApiRequest;
import io.kubra.client.PatchType;
import io.kubra.model.ResourceType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;

/** Definitions of custom resources that the platform brings. */
public final class Definitions {
  private static final String PATH = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/";
  private static final String MANAGER = "kubra";
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private Definitions() {}

  /**
   * Applies a definition and waits until its resource is served, however long that takes.
   *
   * @param owner the class beside which the definition lies
   * @param file its file, JSON, so that no YAML parser is loaded at start
   * @throws InterruptedException if the caller is told to end meanwhile
   */
  public static void install(ApiClient client, Class<?> owner, String file, ResourceType<?> type)
      throws InterruptedException {
    byte[] definition = read(owner, file);
    String name = Trees.stringOr(Json.parse(definition), "", "metadata", "name");
    while (true) {
      try {
        client.call(
            ApiRequest.of(
                "PATCH",
                PATH + name + "?force=true&fieldManager=" + MANAGER,
                PatchType.APPLY.contentType(),
                definition));
        while (!served(client, type)) {
          Thread.sleep(PAUSE);
        }
        return;
      } catch (ApiException | UncheckedIOException e) {
        Thread.sleep(RETRY);
      }
    }
  }

  private static boolean served(ApiClient client, ResourceType<?> type) {
    try {
      client.call(ApiRequest.get(type.basePath() + "/" + type.plural() + "?limit=1"));
      return true;
    } catch (ApiException e) {
      if (e.code() == 404) {
        return false;
      }
      throw e;
    }
  }

  private static byte[] read(Class<?> owner, String file) {
    try (InputStream in = owner.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("this build does not contain " + file);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
