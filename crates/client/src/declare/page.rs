/// Declares that a response is a page of a list: the fields on the path to the items, each `required`, `optional`, or
/// `nullable` if it is an `Option` within an `Option`.
///
/// ```
/// # specmill_client::object! {
/// #     /// What a page holds.
/// #     pub struct Found { pub users: list String, }
/// #     builder FoundBuilder;
/// # }
/// # specmill_client::object! {
/// #     /// A page.
/// #     pub struct UserPage { pub data: optional Found, pub next: optional String, }
/// #     builder UserPageBuilder;
/// # }
/// specmill_client::page!(UserPage of String { optional data, required users });
///
/// use specmill_client::paging::Page as _;
/// let page = UserPage::builder().data(Found::builder().users(["ann"])).build()?;
/// assert_eq!(page.items(), ["ann"]);
/// # Ok::<(), specmill_client::declare::ConversionError>(())
/// ```
#[macro_export]
macro_rules! page {
    ($page:ident of $item:ty { $($need:ident $field:ident),+ }) => {
        impl $crate::paging::Page for $page {
            type Item = $item;

            fn items(&self) -> &[Self::Item] {
                let value = Some(self);
                $(let value = $crate::page!(@borrow $need, value, $field);)+
                value.map(|items| items.as_slice()).unwrap_or_default()
            }

            fn into_items(self) -> Vec<Self::Item> {
                let value = Some(self);
                $(let value = $crate::page!(@take $need, value, $field);)+
                value.unwrap_or_default()
            }
        }
    };
    (@borrow required, $value:ident, $field:ident) => { $value.map(|value| &value.$field) };
    (@borrow optional, $value:ident, $field:ident) => { $value.and_then(|value| value.$field.as_ref()) };
    (@borrow nullable, $value:ident, $field:ident) => {
        $value.and_then(|value| value.$field.as_ref()).and_then(|value| value.as_ref())
    };
    (@take nullable, $value:ident, $field:ident) => { $value.and_then(|value| value.$field).flatten() };
    (@take required, $value:ident, $field:ident) => { $value.map(|value| value.$field) };
    (@take optional, $value:ident, $field:ident) => { $value.and_then(|value| value.$field) };
}
