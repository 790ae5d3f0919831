package io.kubra.addons.manifests;

import io.kubra.addons.custom.CustomObject;
import io.kubra.api.status.ApiException;
import io.kubra.client.events.EventRecorder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the cluster to what one file says. */
final class FileSync {
  private static final Logger LOG = LoggerFactory.getLogger(FileSync.class);

  private final FolderFiles files;
  private final Addons addons;
  private final LiveObjects objects;
  private final EventRecorder events;

  FileSync(FolderFiles files, Addons addons, LiveObjects objects, EventRecorder events) {
    this.files = files;
    this.addons = addons;
    this.objects = objects;
    this.events = events;
  }

  /**
   * Applies a file and deletes what has left it. A file that cannot be read deletes nothing, nor
   * does one of which a part could not be applied.
   *
   * @param gone tells of Addons that have lost their file
   * @return whether all of it was applied
   */
  boolean apply(String source, Predicate<String> gone) {
    byte[] text;
    List<Map<String, Object>> trees;
    try {
      text = files.read(source);
    } catch (ManifestProblem e) {
      return unread(source, "", e);
    }
    String checksum = Addons.checksum(text);
    try {
      trees = ManifestReader.read(text);
    } catch (ManifestProblem e) {
      return unread(source, checksum, e);
    }
    CustomObject addon = addons.record(source, checksum);
    String name = addon.metadata().name();
    List<String> problems = new ArrayList<>();
    Map<String, ManifestObject> before = Addons.objects(addon);
    Map<String, ManifestObject> wanted = new LinkedHashMap<>();
    Map<String, ManifestObject> all = new LinkedHashMap<>(before);
    for (Map<String, Object> tree : trees) {
      try {
        ManifestObject object = objects.place(ManifestObject.of(tree));
        ManifestObject known = before.get(object.key());
        object = known == null ? object : object.withUid(known.uid());
        if (all.put(object.key(), object) == null) {
          addon = addons.remember(addon, all.values());
        }
        object = objects.apply(tree, object, name, gone);
        wanted.put(object.key(), object);
        all.put(object.key(), object);
      } catch (ManifestProblem e) {
        problems.add(e.getMessage());
      } catch (ApiException e) {
        problems.add(ManifestObject.of(tree) + ": " + e.message());
      }
    }
    if (!problems.isEmpty()) {
      failed(addon, all, "ApplyManifestFailed", String.join("; ", problems));
      return false;
    }
    for (ManifestObject object : List.copyOf(all.values()).reversed()) {
      if (!wanted.containsKey(object.key())) {
        delete(addon, object);
      }
    }
    String message =
        wanted.size() == 1
            ? "1 object of %s is applied".formatted(source)
            : "%d objects of %s are applied".formatted(wanted.size(), source);
    boolean news = !Addons.says(addon, "AppliedManifest", message) || !wanted.equals(before);
    addon = addons.ended(addon, wanted.values(), true, "AppliedManifest", message);
    if (news) {
      events.normal(addon, "AppliedManifest", message);
    }
    return true;
  }

  private boolean unread(String source, String checksum, ManifestProblem problem) {
    CustomObject addon = addons.record(source, checksum);
    failed(
        addon, Addons.objects(addon), "ParseManifestFailed", source + ": " + problem.getMessage());
    return false;
  }

  private void failed(
      CustomObject addon, Map<String, ManifestObject> known, String reason, String message) {
    boolean news = !Addons.says(addon, reason, message);
    CustomObject told = addons.ended(addon, known.values(), false, reason, message);
    if (news) {
      LOG.warn("{}: {}", Addons.source(addon), message);
      events.warning(told, reason, message);
    }
  }

  /** Deletes what a file that is gone had left, and its record. */
  void remove(CustomObject addon) {
    List<ManifestObject> left = new ArrayList<>(Addons.objects(addon).values());
    for (ManifestObject object : left.reversed()) {
      delete(addon, object);
    }
    addons.remove(addon);
  }

  private void delete(CustomObject addon, ManifestObject object) {
    if (objects.delete(object, addon.metadata().name())) {
      events.normal(addon, "DeletingManifest", object + " has left " + Addons.source(addon));
    }
  }
}
