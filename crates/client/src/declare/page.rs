/// Declares that a response is a page of a list: which fields hold the items and, where there is one, the cursor of the
/// next page.
///
/// ```
/// # specmill_client::object! {
/// #     /// A page.
/// #     pub struct UserPage { pub users: list String, pub next: optional String, }
/// #     builder UserPageBuilder;
/// # }
/// specmill_client::page!(UserPage of String { items users, optional next next });
///
/// use specmill_client::paging::Page as _;
/// let page = UserPage::builder().users(["ann"]).build()?;
/// assert_eq!((page.items().len(), page.next_cursor()), (1, None));
/// # Ok::<(), specmill_client::declare::ConversionError>(())
/// ```
#[macro_export]
macro_rules! page {
    (
        $page:ident of $item:ty {
            $(items $items:ident)?
            $(optional items $optional_items:ident)?
            $(, next $next:ident)?
            $(, optional next $optional_next:ident)?
        }
    ) => {
        impl $crate::paging::Page for $page {
            type Item = $item;

            fn next_cursor(&self) -> Option<&str> {
                let cursors: &[Option<&str>] = &[$(Some(&self.$next))? $(self.$optional_next.as_deref())?];
                cursors.first().copied().flatten()
            }

            fn items(&self) -> &[Self::Item] {
                $(&self.$items)?
                $(self.$optional_items.as_deref().unwrap_or_default())?
            }

            fn into_items(self) -> Vec<Self::Item> {
                $(self.$items)?
                $(self.$optional_items.unwrap_or_default())?
            }
        }
    };
}
