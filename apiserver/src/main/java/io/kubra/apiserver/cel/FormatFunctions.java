package io.kubra.apiserver.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import io.kubra.apiserver.cel.Function.Arg;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The library of named formats, and {@code format} of texts. */
@SuppressWarnings("Immutable") // formats do not change
final class FormatFunctions {
  private static final CelType TYPE = OpaqueType.create("kubernetes.NamedFormat");

  static final List<Function> ALL = all();

  private FormatFunctions() {}

  private static List<Function> all() {
    List<Function> functions = new ArrayList<>();
    functions.add(
        Function.of(
            "format.named",
            Function.global(
                "format_named",
                OptionalType.create(TYPE),
                List.of(Arg.STRING),
                a -> Optional.ofNullable(NamedFormat.ALL.get((String) a[0])))));
    functions.add(
        Function.of(
            "validate",
            Function.member(
                "format_validate",
                OptionalType.create(ListType.create(SimpleType.STRING)),
                List.of(new Arg(TYPE, NamedFormat.class), Arg.STRING),
                a -> {
                  List<String> problems = ((NamedFormat) a[0]).check().apply((String) a[1]);
                  return problems.isEmpty() ? Optional.empty() : Optional.of(problems);
                })));
    NamedFormat.ALL.forEach(
        (name, format) ->
            functions.add(
                Function.of(
                    "format." + name,
                    Function.global("format_" + name, TYPE, List.of(), a -> format))));
    functions.add(
        Function.of(
            "format",
            Function.member(
                "string_format",
                SimpleType.STRING,
                List.of(Arg.STRING, new Arg(ListType.create(SimpleType.DYN), List.class)),
                a -> TextFormat.format((String) a[0], (List<?>) a[1]))));
    return List.copyOf(functions);
  }
}
