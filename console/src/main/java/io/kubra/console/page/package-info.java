/** The pages: each reads what it shows and renders it with a template of its own. */
@NullMarked
package io.kubra.console.page;

import org.jspecify.annotations.NullMarked;
