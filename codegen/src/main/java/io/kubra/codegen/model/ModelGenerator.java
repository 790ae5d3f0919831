package io.kubra.codegen.model;

import io.kubra.codegen.data.SchemaData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the typed model's sources below the folder named by the first argument. Files whose
 * content is unchanged keep their time stamp, so that the compiler has nothing to do.
 */
public final class ModelGenerator {
  private ModelGenerator() {}

  public static void main(String[] args) throws IOException {
    Path target = Path.of(args[0]);
    Map<String, Map<String, Object>> types = SchemaData.types();
    Map<String, Map<String, Object>> resources = new LinkedHashMap<>();
    for (Map<String, Object> resource : SchemaData.resources()) {
      resources.putIfAbsent((String) resource.get("kind"), resource);
    }
    for (Map.Entry<String, Map<String, Object>> entry : types.entrySet()) {
      String name = entry.getKey();
      Map<String, Object> type = entry.getValue();
      if (!type.containsKey("properties") || !JavaNames.stable(name)) {
        continue;
      }
      Map<String, Object> gvk = firstGvk(type);
      if (gvk != null && isList(type)) {
        continue;
      }
      Map<String, Object> resource =
          gvk == null ? null : resources.get(RecordWriter.apiVersion(gvk) + "/" + gvk.get("kind"));
      if (resource != null && !hasObjectMeta(type)) {
        resource = null;
      }
      Path file = target.resolve(JavaNames.className(name).replace('.', '/') + ".java");
      write(file, new RecordWriter(name, types, gvk, resource).source());
    }
  }

  private static boolean isList(Map<String, Object> type) {
    return SchemaData.properties(type).containsKey("items");
  }

  private static boolean hasObjectMeta(Map<String, Object> type) {
    Object metadata = SchemaData.properties(type).get("metadata");
    return metadata != null
        && String.valueOf(SchemaData.map(metadata).get("ref")).endsWith("ObjectMeta");
  }

  private static @Nullable Map<String, Object> firstGvk(Map<String, Object> type) {
    Object declared = type.get("group-version-kind");
    if (declared instanceof List<?> list) {
      return list.isEmpty() ? null : SchemaData.map(list.getFirst());
    }
    return declared == null ? null : SchemaData.map(declared);
  }

  private static void write(Path file, String source) throws IOException {
    if (Files.exists(file) && Files.readString(file).equals(source)) {
      return;
    }
    Files.createDirectories(file.getParent());
    Files.writeString(file, source);
  }
}
