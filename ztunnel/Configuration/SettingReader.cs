using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Ambient.Ztunnel.Configuration;

/// <summary>Reads typed values and collects every error, so that one start shows all of them.</summary>
internal sealed class SettingReader(SettingSource source)
{
    private readonly List<SettingError> _errors = [];

    public delegate bool Parser<T>(ReadOnlySpan<char> text, out T value);

    public SettingSource Source => source;

    public IReadOnlyList<SettingError> Errors => _errors;

    public string Text(string name, string fallback) => source.Find(name)?.Text ?? fallback;

    /// <summary>Null when the setting is missing or empty.</summary>
    public string? OptionalText(string name) => source.Find(name) is { Text.Length: > 0 } value ? value.Text : null;

    public bool Boolean(string name, bool fallback) => OptionalBoolean(name) ?? fallback;

    public bool? OptionalBoolean(string name) => source.Find(name)?.Text switch
    {
        null => null,
        "true" => true,
        "false" => false,
        _ => Refused<bool?>(name, "use true or false"),
    };

    public TimeSpan Duration(string name, TimeSpan fallback) => OptionalDuration(name) ?? fallback;

    /// <summary>A duration above zero; timers and socket options read zero in different ways, none of them meant.</summary>
    public TimeSpan PositiveDuration(string name, TimeSpan fallback)
    {
        TimeSpan duration = Duration(name, fallback);
        return duration > TimeSpan.Zero ? duration : Refused(name, "the duration must be above zero", fallback);
    }

    public TimeSpan? OptionalDuration(string name) =>
        Parsed<TimeSpan>(name, DurationText.TryParse, "use a duration such as 10s, 5m or 1h30m");

    public int Integer(string name, int fallback, int lowest, int highest) =>
        (int)(OptionalInteger(name, lowest, highest) ?? fallback);

    public long? OptionalInteger(string name, long lowest, long highest)
    {
        if (source.Find(name) is not { } value)
        {
            return null;
        }

        bool isNumber = long.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out long number);
        return isNumber && number >= lowest && number <= highest
            ? number
            : Refused<long?>(name, $"use a whole number from {lowest} to {highest}");
    }

    public IPEndPoint EndPoint(string name, IPEndPoint fallback)
    {
        if (source.Find(name) is not { } value)
        {
            return fallback;
        }

        return EndPointText.TryParse(value.Text, out IPEndPoint? endPoint)
            ? endPoint
            : Refused(name, "use ADDRESS:PORT, with IPv6 addresses in brackets", fallback);
    }

    public T Choice<T>(string name, T fallback, params ReadOnlySpan<(string Text, T Value)> choices)
        where T : struct, Enum
    {
        if (source.Find(name) is not { } value)
        {
            return fallback;
        }

        var accepted = new List<string>();
        foreach ((string text, T choice) in choices)
        {
            if (text.Equals(value.Text, StringComparison.OrdinalIgnoreCase))
            {
                return choice;
            }

            accepted.Add(text);
        }

        return Refused(name, $"use {string.Join(" or ", accepted)}", fallback);
    }

    public T? Parsed<T>(string name, Parser<T> parse, string remedy)
        where T : struct
    {
        if (source.Find(name) is not { } value)
        {
            return null;
        }

        return parse(value.Text, out T parsed) ? parsed : Refused<T?>(name, remedy);
    }

    /// <summary>Records that the value given for a setting (or its absence) cannot stand.</summary>
    public void Refuse(string name, string remedy) => Refused<object?>(name, remedy);

    /// <summary>As <see cref="Refuse(string,string)"/>, without repeating a value that may be a secret or very long.</summary>
    public void RefuseWithoutValue(string name, string remedy) => _errors.Add(new SettingError(Spelled(name), null, remedy));

    [return: NotNullIfNotNull(nameof(fallback))]
    private T? Refused<T>(string name, string remedy, T? fallback = default)
    {
        _errors.Add(new SettingError(Spelled(name), source.Find(name)?.Text, remedy));
        return fallback;
    }

    private string Spelled(string name) =>
        source.Find(name)?.Origin == SettingOrigin.Flag ? SettingDefinition.FlagOf(name) : name;
}
