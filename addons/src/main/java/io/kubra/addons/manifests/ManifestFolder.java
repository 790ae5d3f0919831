package io.kubra.addons.manifests;

import io.kubra.addons.custom.CustomObject;
import io.kubra.addons.custom.Definitions;
import io.kubra.addons.custom.ServedKinds;
import io.kubra.addons.manifests.FolderFiles.Stamp;
import io.kubra.api.status.ApiException;
import io.kubra.client.ApiClient;
import io.kubra.client.events.EventRecorder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the manifests of a folder applied. It acts as an account with all rights, as whoever writes
 * into the folder is the machine's administrator.
 */
public final class ManifestFolder implements AutoCloseable {
  private static final String ACCOUNT = "manifests-controller";

  /** The user that objects are applied as. */
  public static final String USER = "system:serviceaccount:kube-system:" + ACCOUNT;

  private static final Logger LOG = LoggerFactory.getLogger(ManifestFolder.class);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration REPAIR = Duration.ofSeconds(60);
  private static final int MOST_DOUBLINGS = 6;
  private static final String LEFT = "what has left the folder of manifests is still there: ";

  /** How a file was last dealt with; times are of the monotonic clock. */
  private record Done(Stamp stamp, int failures, long nanos) {
    boolean due(Stamp now, long nanos) {
      Duration pause =
          failures == 0 ? REPAIR : LOOK.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
      return !stamp.equals(now) || nanos - this.nanos >= pause.toNanos();
    }
  }

  private final ApiClient client;
  private final FolderFiles files;
  private final Addons addons;
  private final ServedKinds kinds;
  private final EventRecorder events;
  private final FileSync sync;
  private final ManifestsConfig config;
  private final Map<String, Done> done = new HashMap<>();
  private Map<String, Stamp> seen = Map.of();
  private boolean stale = true;
  private String complaint = "";
  private final Thread thread;

  private ManifestFolder(ApiClient client, ManifestsConfig config) {
    this.client = client;
    this.config = config;
    this.files = new FolderFiles(config.folder());
    this.addons = new Addons(client, config);
    this.kinds = new ServedKinds(client);
    this.events = new EventRecorder(client, ACCOUNT, "");
    this.sync = new FileSync(files, addons, new LiveObjects(client, kinds), events);
    this.thread = Thread.ofVirtual().name(ACCOUNT).start(this::run);
  }

  /** Starts over a client that acts as {@link #USER} and stays the caller's. */
  public static ManifestFolder start(ApiClient client, ManifestsConfig config) {
    return new ManifestFolder(client, config);
  }

  private void run() {
    try {
      Definitions.install(client, ManifestFolder.class, "addons.json", Addons.TYPE);
      files.make();
    } catch (InterruptedException e) {
      return;
    } catch (IOException e) {
      LOG.error("{} cannot be made: {}", config.folder(), e.toString());
    }
    try {
      while (true) {
        look();
        Thread.sleep(LOOK);
      }
    } catch (InterruptedException e) {
      LOG.debug("{} ends", ACCOUNT);
    }
  }

  /** One look at the folder; what fails is tried again at the next. */
  private void look() {
    try {
      SortedMap<String, Stamp> now = files.list();
      // A file is read when it has not changed since the last look: it may still be written.
      for (Map.Entry<String, Stamp> file : now.entrySet()) {
        Done last = done.get(file.getKey());
        boolean settled = file.getValue().equals(seen.get(file.getKey()));
        if (settled && (last == null || last.due(file.getValue(), System.nanoTime()))) {
          apply(file.getKey(), file.getValue(), now);
        }
      }
      // Only when all else is applied: a file that was renamed takes its objects with it.
      if (!now.equals(seen)) {
        stale = true;
      } else if (stale) {
        stale = !removeGone(now.keySet());
      }
      seen = now;
    } catch (IOException e) {
      // Nothing is known of the folder, so nothing is taken for gone.
      complain("the folder of manifests cannot be read: " + e);
    } catch (ApiException | UncheckedIOException e) {
      complain(LEFT + e.getMessage());
    }
  }

  private void apply(String source, Stamp stamp, Map<String, Stamp> now) {
    Set<String> names = now.keySet().stream().map(Addons::name).collect(Collectors.toSet());
    kinds.forget();
    boolean success = false;
    try {
      success = sync.apply(source, addon -> !names.contains(addon));
      complaint = "";
    } catch (ApiException | UncheckedIOException e) {
      complain(source + " is not kept applied: " + e.getMessage());
    } catch (RuntimeException e) {
      // One file's trouble must not stop the others.
      LOG.error("{} is not kept applied", source, e);
    }
    Done last = done.get(source);
    int before = last != null && last.stamp.equals(stamp) ? last.failures : 0;
    int failures = success ? 0 : before + 1;
    done.put(source, new Done(stamp, failures, System.nanoTime()));
  }

  /** Returns whether all went; what cannot go does not keep the rest. */
  private boolean removeGone(Set<String> sources) {
    done.keySet().retainAll(sources);
    List<String> problems = new ArrayList<>();
    for (CustomObject addon : addons.ours()) {
      if (!sources.contains(Addons.source(addon))) {
        try {
          sync.remove(addon);
        } catch (ApiException | UncheckedIOException e) {
          problems.add(Addons.source(addon) + ": " + e.getMessage());
        }
      }
    }
    if (!problems.isEmpty()) {
      complain(LEFT + String.join("; ", problems));
    }
    return problems.isEmpty();
  }

  private void complain(String words) {
    if (!words.equals(complaint)) {
      LOG.warn("{}", words);
      complaint = words;
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    events.close();
  }
}
