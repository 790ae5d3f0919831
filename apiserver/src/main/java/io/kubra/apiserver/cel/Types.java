package io.kubra.apiserver.cel;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.StructType;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The object types of one environment, by name. A type's fields are looked at when an expression
 * names them, and what lies below becomes known then.
 */
@SuppressWarnings("Immutable") // fills itself, and says the same of a name every time
public final class Types implements CelTypeProvider {
  private final Map<String, CelType> known = new ConcurrentHashMap<>();

  /** An object type with these fields. */
  public static StructType object(String name, Map<String, CelType> fields) {
    Map<String, CelType> copy = Map.copyOf(fields);
    return lazyObject(name, copy.keySet(), copy::get);
  }

  /** An object type whose fields' types are made when asked for. */
  public static StructType lazyObject(
      String name, Iterable<String> fields, Function<String, CelType> typeOf) {
    return StructType.create(
        name, ImmutableSet.copyOf(fields), field -> Optional.ofNullable(typeOf.apply(field)));
  }

  /** Whether types have the same names all the way down. */
  public static boolean same(CelType a, CelType b) {
    if (a.kind() != b.kind()
        || !a.name().equals(b.name())
        || a.parameters().size() != b.parameters().size()) {
      return false;
    }
    for (int i = 0; i < a.parameters().size(); i++) {
      if (!same(a.parameters().get(i), b.parameters().get(i))) {
        return false;
      }
    }
    return true;
  }

  /** The type in upstream's notation, such as {@code list(string)}. */
  public static String show(CelType type) {
    return type.parameters().isEmpty()
        ? type.name()
        : type.name()
            + type.parameters().stream()
                .map(Types::show)
                .collect(Collectors.joining(", ", "(", ")"));
  }

  void add(CelType type) {
    if (type instanceof StructType struct) {
      known.putIfAbsent(struct.name(), watching(struct));
    }
    type.parameters().forEach(this::add);
  }

  /** The same type, from which types below get known when they are used. */
  private StructType watching(StructType struct) {
    return StructType.create(
        struct.name(),
        struct.fieldNames(),
        field -> {
          Optional<CelType> type = struct.findField(field).map(StructType.Field::type);
          type.ifPresent(this::add);
          return type;
        });
  }

  @Override
  public ImmutableCollection<CelType> types() {
    return ImmutableList.copyOf(known.values());
  }

  @Override
  public Optional<CelType> findType(String name) {
    return Optional.ofNullable(known.get(name));
  }
}
