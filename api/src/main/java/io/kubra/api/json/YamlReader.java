package io.kubra.api.json;

import java.io.ByteArrayInputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.YamlUnicodeReader;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Turns composed YAML nodes into trees. An alias becomes a copy of what it names, so the number of
 * nodes made is bounded against documents that expand exponentially.
 */
final class YamlReader {
  /** So many nodes may be made, and so many of them by aliases, whatever their share is. */
  private static final int SMALL = 1000;

  private static final int SMALL_ALIASED = 100;

  /** Up to here nearly all nodes may come from aliases, from the other on hardly any. */
  private static final int LENIENT = 400_000;

  private static final int STRICT = 4_000_000;
  private static final int CODE_POINTS = 64 * 1024 * 1024;

  private final byte[] text;
  private final @Nullable Consumer<String> duplicates;

  /** The nodes that aliases may name, and whether they are being read at the moment. */
  private final Map<Node, Boolean> anchored = new IdentityHashMap<>();

  private int made;
  private int aliased;
  private int insideAliases;
  private int depth;
  private int reported;

  YamlReader(byte[] text, @Nullable Consumer<String> duplicates) {
    this.text = text;
    this.duplicates = duplicates;
  }

  List<Object> documents() {
    LoadSettings settings =
        LoadSettings.builder()
            .setAllowDuplicateKeys(true)
            .setCodePointLimit(CODE_POINTS)
            .setMaxAliasesForCollections(Integer.MAX_VALUE)
            .setParseComments(false)
            .build();
    List<Object> documents = new ArrayList<>();
    try {
      Reader reader = new YamlUnicodeReader(new ByteArrayInputStream(text));
      Composer composer =
          new Composer(
              settings,
              new ShallowParser(new ParserImpl(settings, new StreamReader(settings, reader))));
      while (composer.hasNext()) {
        Object value = value(composer.next());
        if (value != null) {
          documents.add(value);
        }
      }
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(Mark::getLine).orElse(0) + 1;
      String problem = e.getProblem();
      throw new JsonSyntaxException("yaml: line " + line + ": " + problem, 0);
    } catch (YamlEngineException e) {
      throw new JsonSyntaxException("yaml: " + e.getMessage(), 0);
    }
    return documents;
  }

  private @Nullable Object value(Node node) {
    Anchor anchor = node.getAnchor().orElse(null);
    if (anchor == null) {
      return counted(node);
    }
    Boolean open = anchored.put(node, true);
    if (Boolean.TRUE.equals(open)) {
      throw new JsonSyntaxException(
          "yaml: anchor '" + anchor.getValue() + "' value contains itself", 0);
    }
    int inside = open == null ? 0 : 1;
    insideAliases += inside;
    Object value = counted(node);
    insideAliases -= inside;
    anchored.put(node, false);
    return value;
  }

  private @Nullable Object counted(Node node) {
    made++;
    if (insideAliases > 0) {
      aliased++;
    }
    if (made > SMALL && aliased > SMALL_ALIASED && aliased > allowedShare(made) * made) {
      throw new JsonSyntaxException("yaml: document contains excessive aliasing", 0);
    }
    if (++depth > JsonReader.MAX_DEPTH) {
      throw new JsonSyntaxException("yaml: exceeded max depth", 0);
    }
    Object value =
        switch (node) {
          case ScalarNode scalar -> scalar(scalar);
          case SequenceNode sequence -> sequence(sequence);
          case MappingNode mapping -> mapping(mapping);
          default -> throw new JsonSyntaxException("yaml: unexpected " + node.getNodeType(), 0);
        };
    depth--;
    return value;
  }

  /** Which share of the nodes may come from aliases; the reference's limits. */
  private static double allowedShare(int nodes) {
    double beyond = Math.clamp((nodes - LENIENT) / (double) (STRICT - LENIENT), 0, 1);
    return 0.99 - 0.89 * beyond;
  }

  private static @Nullable Object scalar(ScalarNode node) {
    String tag = node.getTag().getValue();
    if (tag.equals("tag:yaml.org,2002:binary")) {
      try {
        return new String(Base64.getMimeDecoder().decode(node.getValue()), StandardCharsets.UTF_8);
      } catch (IllegalArgumentException e) {
        throw new JsonSyntaxException("yaml: !!binary value contains invalid base64 data", 0);
      }
    }
    boolean plain = node.getScalarStyle() == ScalarStyle.PLAIN;
    boolean text = tag.equals("tag:yaml.org,2002:str") && explicit(node);
    return plain && !text ? YamlScalars.resolve(node.getValue()) : node.getValue();
  }

  /** Whether a str tag was written out: a plain scalar that resolves to anything else has one. */
  private static boolean explicit(ScalarNode node) {
    Optional<Mark> start = node.getStartMark();
    if (start.isEmpty()) {
      return false;
    }
    int[] buffer = start.get().getBuffer();
    int at = start.get().getPointer();
    return at < buffer.length && buffer[at] == '!';
  }

  @SuppressWarnings("NullAway") // a tree may hold JSON nulls
  private List<Object> sequence(SequenceNode node) {
    List<Object> list = new ArrayList<>(node.getValue().size());
    for (Node item : node.getValue()) {
      list.add(value(item));
    }
    return list;
  }

  @SuppressWarnings("NullAway") // a tree may hold JSON nulls
  private Map<String, Object> mapping(MappingNode node) {
    Map<String, Object> map = new LinkedHashMap<>();
    Map<String, Object> merged = new LinkedHashMap<>();
    for (NodeTuple tuple : node.getValue()) {
      String key = key(tuple.getKeyNode());
      if (key.equals("<<") && isMergeKey(tuple.getKeyNode())) {
        merge(value(tuple.getValueNode()), merged);
        continue;
      }
      if (duplicates != null && map.containsKey(key) && ++reported <= JsonReader.MAX_DUPLICATES) {
        int line = tuple.getKeyNode().getStartMark().map(Mark::getLine).orElse(0) + 1;
        duplicates.accept("line " + line + ": key \"" + key + "\" already set in map");
      }
      map.put(key, value(tuple.getValueNode()));
    }
    merged.forEach(map::putIfAbsent);
    return map;
  }

  private static boolean isMergeKey(Node node) {
    return node instanceof ScalarNode scalar && scalar.getScalarStyle() == ScalarStyle.PLAIN;
  }

  private static void merge(@Nullable Object value, Map<String, Object> into) {
    switch (value) {
      case Map<?, ?> map -> map.forEach((k, v) -> into.putIfAbsent((String) k, v));
      case List<?> list -> list.forEach(item -> merge(item, into));
      case null, default ->
          throw new JsonSyntaxException(
              "yaml: map merge requires map or sequence of maps as the value", 0);
    }
  }

  private String key(Node node) {
    Object key = value(node);
    return switch (key) {
      case String s -> s;
      case Boolean b -> b.toString();
      case Number n -> Json.toString(n);
      case null -> "null";
      default ->
          throw new JsonSyntaxException(
              "error converting YAML to JSON: unsupported map key of type " + Json.nameOf(key), 0);
    };
  }
}
