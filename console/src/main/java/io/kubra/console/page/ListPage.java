package io.kubra.console.page;

import io.kubra.api.status.ApiException;
import io.kubra.client.ListOptions;
import io.kubra.console.reading.Kinds;
import io.kubra.console.reading.Part;
import io.kubra.console.reading.Table;
import io.kubra.model.core.v1.Namespace;
import java.util.List;

/** {@code /list/KIND}: the objects of a kind, in kubectl's columns. */
public final class ListPage implements Page {
  /**
   * What it shows.
   *
   * @param namespace the namespace chosen, empty for all
   * @param namespaces those to choose from
   */
  public record Listing(Kinds.Kind kind, String namespace, List<String> namespaces, Table table)
      implements Content {
    /** The address of an object's own page. */
    public String link(Table.Row row) {
      return ObjectPage.path(kind, row.namespace(), row.name());
    }
  }

  @Override
  public boolean matches(Visit visit) {
    return visit.segments().size() == 2 && visit.segments().getFirst().equals("list");
  }

  @Override
  public String title(Visit visit) {
    return visit.segments().getLast();
  }

  @Override
  public String template() {
    return "list.jte";
  }

  @Override
  public Content read(Visit visit) {
    Kinds.Kind kind = kind(visit, visit.segments().get(1));
    String namespace = kind.namespaced() ? visit.parameter("namespace") : "";
    List<String> namespaces =
        kind.namespaced() ? Part.read(() -> namespaces(visit)).orElse(List.of()) : List.of();
    Table table = Table.read(visit.api(), kind.collection(Visit.encode(namespace)));
    return new Listing(kind, namespace, namespaces, table);
  }

  static Kinds.Kind kind(Visit visit, String id) {
    return Kinds.find(visit.api(), id)
        .orElseThrow(
            () -> ApiException.generic(404, "NotFound", "the cluster serves no kind " + id));
  }

  static List<String> namespaces(Visit visit) {
    return visit.api().resource(Namespace.RESOURCE).list("", ListOptions.ALL).items().stream()
        .map(n -> n.metadata().name())
        .toList();
  }
}
