// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLineEdit;

namespace weir {

/// A path to type, and a button to choose it.
class PathField : public QWidget
{
    Q_OBJECT
public:
    enum class Kind { Existing, ToWrite };

    /// `name` becomes the line's object name; `label` its accessible name and the chooser's title.
    PathField(const QString& name, const QString& label, Kind kind, QWidget* parent = nullptr);

    [[nodiscard]] QString path() const;
    void setPath(const QString& path);

signals:
    void changed();

private:
    void choose();

    QLineEdit* m_line;
    QString m_label;
    Kind m_kind;
};

} // namespace weir
