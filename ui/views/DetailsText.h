// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTextBrowser>

#include <string>

namespace weir {

/// What is known of something chosen, as text with links, for the details dock. A reader who scrolls or
/// selects is left alone as long as the text stays the same. gui thread.
class DetailsText : public QTextBrowser
{
    Q_OBJECT
public:
    explicit DetailsText(QWidget* parent = nullptr);

signals:
    /// Of a link that detailsLink() made.
    void linkChosen(const QString& scheme, const QString& target);

protected:
    /// HTML of what is to be read now.
    [[nodiscard]] virtual QString body() const = 0;
    /// body() may say something else than before.
    void render();
    void changeEvent(QEvent* event) override;
};

// Pieces of a body: classes `m` for what is muted, `w` for what asks for a look, `t` for titles of a table's
// rows.

/// A name of somebody else's, fit for HTML: nothing in it steers.
[[nodiscard]] QString detailsName(const std::string& name);
/// A row of a table; `value` is HTML.
[[nodiscard]] QString detailsRow(const QString& title, const QString& value);
[[nodiscard]] QString detailsLink(const QString& scheme, const QString& target, const QString& words);

} // namespace weir
