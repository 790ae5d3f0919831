/** What the pages show, read from the API with the rights of whoever looks. */
@NullMarked
package io.kubra.console.reading;

import org.jspecify.annotations.NullMarked;
