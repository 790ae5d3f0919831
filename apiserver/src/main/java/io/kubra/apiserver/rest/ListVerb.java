package io.kubra.apiserver.rest;

import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.cache.ResourceCache;
import io.kubra.apiserver.cache.Snapshot;
import io.kubra.apiserver.cache.StoredObject;
import io.kubra.apiserver.encoding.ListPage;
import io.kubra.apiserver.encoding.Negotiation;
import io.kubra.apiserver.encoding.Responder;
import io.kubra.apiserver.request.RequestContext;
import io.kubra.apiserver.rest.ListOptions.VersionMatch;
import io.kubra.apiserver.storage.ServedResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lists from snapshots: all pages of a list show the same revision. */
final class ListVerb {
  private static final String EXPIRED =
      "The provided continue parameter is too old to display a consistent list result. You can"
          + " start a new list without the continue parameter, or use the continue token in this"
          + " response to retrieve the remainder of the results. Continuing with the provided token"
          + " results in an inconsistent list - objects that were created, modified, or deleted"
          + " between the time the first chunk was returned and now may show up in the list.";

  private final Responder responder;

  ListVerb(Responder responder) {
    this.responder = responder;
  }

  void handle(RequestContext c, ServedResource r) {
    ListOptions options = ListOptions.of(c.query(), false);
    Selection selection = Selection.of(r, c.info().namespace(), options);
    var format = Negotiation.choose(c, r, false);
    responder.list(c, r, page(r, selection, options), format);
  }

  /** The page that the options ask for. */
  ListPage page(ServedResource r, Selection selection, ListOptions options) {
    ContinueToken token =
        options.continueToken().isEmpty() ? null : ContinueToken.parse(options.continueToken());
    if (token != null && !options.resourceVersion().isEmpty() && options.revision() != 0) {
      throw ApiException.badRequest(
          "specifying resource version is not allowed when using continue");
    }
    Snapshot snapshot = snapshot(r.cache(), options, token);
    String from = token == null ? selection.start() : selection.prefix() + token.start();
    List<StoredObject> items = new ArrayList<>();
    String[] next = {null};
    long limit = options.limit();
    snapshot
        .objects()
        .forEach(
            from,
            selection.end(),
            o -> {
              if (!selection.filter().accepts(o)) {
                return true;
              }
              if (limit > 0 && items.size() == limit) {
                next[0] = o.key();
                return false;
              }
              items.add(o);
              return true;
            });
    return page(snapshot, selection, items, next[0]);
  }

  private static ListPage page(
      Snapshot snapshot, Selection selection, List<StoredObject> items, @Nullable String next) {
    if (next == null) {
      return new ListPage(items, snapshot.revision(), "", null);
    }
    String relative = next.substring(selection.prefix().length());
    Long remaining =
        selection.everything()
            ? Long.valueOf(snapshot.objects().count(next, selection.end()))
            : null;
    return new ListPage(
        items,
        snapshot.revision(),
        new ContinueToken(snapshot.revision(), relative).encode(),
        remaining);
  }

  /** Tells how to go on with what is there now. */
  private static ApiException expired(ContinueToken token) {
    Map<String, Object> status = ApiException.expired(EXPIRED).toStatus();
    Trees.set(status, new ContinueToken(-1, token.start()).encode(), "metadata", "continue");
    return ApiException.fromStatus(status);
  }

  private static Snapshot snapshot(
      ResourceCache cache, ListOptions options, @Nullable ContinueToken token) {
    if (token != null) {
      if (token.revision() < 0) {
        return cache.consistent();
      }
      Snapshot exact = cache.exactly(token.revision());
      if (exact == null) {
        throw expired(token);
      }
      return exact;
    }
    if (options.resourceVersion().isEmpty()) {
      return cache.consistent();
    }
    long revision = options.revision();
    boolean exact =
        options.match() == VersionMatch.EXACT
            || (options.match() == VersionMatch.UNSET && options.limit() > 0 && revision > 0);
    if (!exact) {
      return revision == 0 ? cache.any() : cache.notOlderThan(revision);
    }
    Snapshot snapshot = cache.exactly(revision);
    if (snapshot == null) {
      throw ApiException.expired("The resourceVersion for the provided list is too old.");
    }
    return snapshot;
  }
}
