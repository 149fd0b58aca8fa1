using System.Collections.Immutable;
using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Ambient.Mesh.LocalFile;

/// <summary>
/// Reads values off a stream of YAML events without building a tree, so that memory stays in proportion to what is kept. A value of the
/// wrong kind is reported and stepped over.
/// </summary>
internal sealed class YamlReader(YamlCursor cursor)
{
    private const int MaxQuotedLength = 64;

    public StringPool Strings { get; } = new();

    /// <summary>Where the next value starts.</summary>
    public Mark Position => Current.Start;

    private ParsingEvent Current => cursor.Current;

    public void Report(string reason) => cursor.Report(reason);

    public void Report(Mark where, string reason) => cursor.Report(where, reason);

    public void Skip() => cursor.Skip();

    /// <summary>Reads a mapping by its schema; false when it is not one or lacks a required key.</summary>
    public bool ReadObject<TDraft>(ObjectSchema<TDraft> schema, TDraft draft)
    {
        Mark start = Position;
        HashSet<string> seen = new(StringComparer.Ordinal);
        bool isMapping = ReadMapping(schema.Name, (key, where) =>
        {
            if (!seen.Add(key))
            {
                Report(where, $"key {Quote(key)} occurs twice in {schema.Name}");
                Skip();
            }
            else if (schema.ReaderOf(key) is { } read)
            {
                read(this, draft);
            }
            else
            {
                Report(where, $"unknown key {Quote(key)} in {schema.Name}; known keys: {schema.KnownKeys}");
                Skip();
            }
        });
        if (!isMapping)
        {
            return false;
        }

        string[] missing = [.. schema.Required.Where(key => !seen.Contains(key))];
        if (missing.Length > 0)
        {
            Report(start, $"{schema.Name} lacks {string.Join(", ", missing)}");
        }

        return missing.Length == 0;
    }

    /// <summary>Calls back at each key with the reader standing at the value, which the callback must read or skip.</summary>
    public bool ReadMapping(string what, Action<string, Mark> onKey)
    {
        if (!Enter<MappingStart>(what, "a mapping"))
        {
            return false;
        }

        while (Current is not MappingEnd)
        {
            Mark where = Position;
            if (Current is Scalar key)
            {
                RefuseControlCharacters(key.Value, $"a key in {what}");
                cursor.Advance();
                onKey(key.Value, where);
            }
            else
            {
                Report($"a key in {what} must be text");
                Skip();
                Skip();
            }
        }

        cursor.Advance();
        return true;
    }

    public ImmutableArray<T> ReadList<T>(string what, Func<YamlReader, T?> readItem)
        where T : class
    {
        ImmutableArray<T>.Builder items = ImmutableArray.CreateBuilder<T>();
        ReadItems(what, reader =>
        {
            if (readItem(reader) is { } item)
            {
                items.Add(item);
            }
        });
        return items.DrainToImmutable();
    }

    public ImmutableArray<T> ReadValues<T>(string what, Func<YamlReader, T?> readItem)
        where T : struct
    {
        ImmutableArray<T>.Builder items = ImmutableArray.CreateBuilder<T>();
        ReadItems(what, reader =>
        {
            if (readItem(reader) is { } item)
            {
                items.Add(item);
            }
        });
        return items.DrainToImmutable();
    }

    public string? ReadText(string what)
    {
        if (Current is Scalar scalar && !IsNull(scalar))
        {
            RefuseControlCharacters(scalar.Value, what);
            cursor.Advance();
            return Strings.Intern(scalar.Value);
        }

        ReportKind(what, "text");
        return null;
    }

    public bool ReadFlag(string what)
    {
        if (Current is Scalar { Style: ScalarStyle.Plain, Value: "true" or "false" } scalar)
        {
            cursor.Advance();
            return scalar.Value == "true";
        }

        ReportKind(what, "true or false");
        return false;
    }

    public uint? ReadNumber(string what, uint maximum)
    {
        if (Current is Scalar scalar && TryParseNumber(scalar.Value, maximum, out uint number))
        {
            cursor.Advance();
            return number;
        }

        ReportKind(what, $"a number from 0 to {maximum}");
        return null;
    }

    public ushort? ReadPort(string what) => (ushort?)ReadNumber(what, ushort.MaxValue);

    /// <summary>Reads one of the given spellings; letter case matters.</summary>
    public T? ReadChoice<T>(string what, params ReadOnlySpan<(string Name, T Value)> choices)
        where T : struct
    {
        if (Current is Scalar scalar)
        {
            foreach ((string name, T value) in choices)
            {
                if (scalar.Value == name)
                {
                    cursor.Advance();
                    return value;
                }
            }
        }

        List<string> names = [];
        foreach ((string name, _) in choices)
        {
            names.Add(name);
        }

        ReportKind(what, $"one of {string.Join(", ", names)}");
        return null;
    }

    /// <summary>Steps over a null in place of an optional value.</summary>
    public bool SkipNull()
    {
        bool isNull = Current is Scalar scalar && IsNull(scalar);
        if (isNull)
        {
            cursor.Advance();
        }

        return isNull;
    }

    /// <summary>Reports a value of the wrong kind and steps over it.</summary>
    public void ReportKind(string what, string expected)
    {
        string found = Current switch
        {
            Scalar scalar => Quote(scalar.Value),
            MappingStart => "a mapping",
            SequenceStart => "a list",
            AnchorAlias => "an alias",
            _ => "nothing",
        };
        Report($"{what}: expected {expected}, found {found}");
        Skip();
    }

    /// <summary>Text of the file for a message: short, and without anything that would upset a terminal.</summary>
    public static string Quote(string text)
    {
        string shown = text.Length > MaxQuotedLength ? string.Concat(text.AsSpan(0, MaxQuotedLength), "…") : text;
        return $"\"{string.Concat(shown.Select(character => char.IsControl(character) ? '?' : character))}\"";
    }

    private void ReadItems(string what, Action<YamlReader> readItem)
    {
        if (!Enter<SequenceStart>(what, "a list"))
        {
            return;
        }

        while (Current is not SequenceEnd)
        {
            readItem(this);
        }

        cursor.Advance();
    }

    private bool Enter<TStart>(string what, string expected)
        where TStart : NodeEvent
    {
        if (Current is not TStart)
        {
            ReportKind(what, expected);
            return false;
        }

        cursor.Advance();
        return true;
    }

    // Names go into headers and log lines.
    private void RefuseControlCharacters(string text, string what)
    {
        if (text.Any(char.IsControl))
        {
            Report($"{what}: {Quote(text)} has a control character");
        }
    }

    private static bool IsNull(Scalar scalar) =>
        scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null" or "Null" or "NULL";

    private static bool TryParseNumber(string text, uint maximum, out uint number) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= maximum;
}
