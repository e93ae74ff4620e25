// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace weir {

/// The striped bar across the window's top that stays as long as a connection's TLS verification is off.
class InsecureBanner : public QWidget
{
    Q_OBJECT
public:
    explicit InsecureBanner(QWidget* parent = nullptr);

    /// Shows the bar for `server`; empty hides it.
    void showFor(const QString& server);

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_text;
};

} // namespace weir
