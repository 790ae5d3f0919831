package io.kubra.apiserver.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.CelValue;
import java.util.AbstractList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.ListIterator;
import java.util.RandomAccess;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A list as expressions see it; its items are converted when they are asked for. */
@SuppressWarnings("Immutable") // trees do not change while they are looked at
final class ListValue extends CelValue implements List<Object>, RandomAccess {
  private static final CelType TYPE = ListType.create(SimpleType.DYN);

  private final List<Object> view;
  private final Identity identity;

  /** What tells items apart where their order does not matter. */
  sealed interface Identity {
    /** Their places: the order matters. */
    record Place() implements Identity {}

    /** Their values, as in a set. */
    record Value() implements Identity {}

    /** The values of these fields, as in a list that is a map. */
    record Keys(List<String> fields) implements Identity {}
  }

  ListValue(List<?> items, Function<@Nullable Object, Object> conversion) {
    this(items, conversion, new Identity.Place());
  }

  ListValue(List<?> items, Function<@Nullable Object, Object> conversion, Identity identity) {
    this.identity = identity;
    view =
        new AbstractList<>() {
          @Override
          public Object get(int index) {
            return conversion.apply(items.get(index));
          }

          @Override
          public int size() {
            return items.size();
          }
        };
  }

  /** What tells the items apart. */
  Identity identity() {
    return identity;
  }

  @Override
  public Object get(int index) {
    return view.get(index);
  }

  @Override
  public int size() {
    return view.size();
  }

  @Override
  public boolean isEmpty() {
    return view.isEmpty();
  }

  @Override
  public boolean contains(@Nullable Object item) {
    return view.contains(item);
  }

  @Override
  public boolean containsAll(Collection<?> items) {
    return view.containsAll(items);
  }

  @Override
  public Iterator<Object> iterator() {
    return view.iterator();
  }

  @Override
  public ListIterator<Object> listIterator() {
    return view.listIterator();
  }

  @Override
  public ListIterator<Object> listIterator(int index) {
    return view.listIterator(index);
  }

  @Override
  public Object[] toArray() {
    return view.toArray();
  }

  @Override
  public <T> T[] toArray(T[] array) {
    return view.toArray(array);
  }

  @Override
  public int indexOf(@Nullable Object item) {
    return view.indexOf(item);
  }

  @Override
  public int lastIndexOf(@Nullable Object item) {
    return view.lastIndexOf(item);
  }

  @Override
  public List<Object> subList(int from, int to) {
    return view.subList(from, to);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return view.equals(other);
  }

  @Override
  public int hashCode() {
    return view.hashCode();
  }

  @Override
  public String toString() {
    return view.toString();
  }

  @Override
  public boolean add(Object item) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void add(int index, Object item) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Object set(int index, Object item) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Object remove(int index) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean remove(Object item) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean addAll(Collection<?> items) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean addAll(int index, Collection<?> items) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean removeAll(Collection<?> items) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean retainAll(Collection<?> items) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void clear() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Object value() {
    return this;
  }

  @Override
  public boolean isZeroValue() {
    return isEmpty();
  }

  @Override
  public CelType celType() {
    return TYPE;
  }
}
