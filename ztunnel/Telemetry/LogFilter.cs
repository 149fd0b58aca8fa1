using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>
/// RUST_LOG (node-proxy 9.4): a comma list of LEVEL and TARGET=LEVEL. The longest target that a log target starts with
/// decides; of equal ones the last. A target may be written with or without the leading <c>ztunnel::</c>.
/// </summary>
internal sealed class LogFilter
{
    public const int MaxTextLength = 8192;
    private const string DnsLibraryTarget = "hickory_server::server";

    /// <summary>Longest target first, so that the first match decides.</summary>
    private readonly LogDirective[] _directives;

    private LogFilter(IEnumerable<LogDirective> directives)
    {
        var byTarget = new Dictionary<string, LogDirective>(StringComparer.Ordinal);
        foreach (LogDirective directive in directives)
        {
            byTarget[directive.Target] = directive;
        }

        _directives = [.. byTarget.Values
            .OrderByDescending(directive => directive.Target.Length)
            .ThenBy(directive => directive.Target, StringComparer.Ordinal)];
    }

    /// <summary>Level info, with the prefix that every filter has.</summary>
    public static LogFilter Default { get; } = new([new(DnsLibraryTarget, LogLevel.None), new("", LogLevel.Information)]);

    public static bool TryParse(string text, [NotNullWhen(true)] out LogFilter? filter, [NotNullWhen(false)] out string? error)
    {
        filter = null;
        if (!TryParseDirectives(text, out List<LogDirective>? directives, out error))
        {
            return false;
        }

        filter = new LogFilter([new LogDirective(DnsLibraryTarget, LogLevel.None), .. directives]);
        return true;
    }

    /// <summary>This filter with more directives, which win over those of the same target.</summary>
    public bool TryAdd(string text, [NotNullWhen(true)] out LogFilter? filter, [NotNullWhen(false)] out string? error)
    {
        filter = null;
        if (!TryParseDirectives(text, out List<LogDirective>? directives, out error))
        {
            return false;
        }

        filter = new LogFilter([.. _directives, .. directives]);
        return true;
    }

    public LogLevel LevelOf(string target)
    {
        ReadOnlySpan<char> printed = LogTargets.Printed(target);
        foreach (LogDirective directive in _directives)
        {
            if (printed.StartsWith(directive.Target) || target.AsSpan().StartsWith(directive.Target))
            {
                return directive.Level;
            }
        }

        return LogLevel.None;
    }

    public override string ToString() => string.Join(',', _directives.Select(directive => directive.ToString()));

    private static bool TryParseDirectives(
        string text, [NotNullWhen(true)] out List<LogDirective>? directives, [NotNullWhen(false)] out string? error)
    {
        directives = null;
        error = text.Length > MaxTextLength ? $"longer than {MaxTextLength} characters" : null;
        if (error is not null)
        {
            return false;
        }

        var parsed = new List<LogDirective>();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (LogDirective.Parse(part) is not { } directive)
            {
                error = $"'{part}' is not LEVEL or TARGET=LEVEL; levels are {LogDirective.LevelNames}";
                return false;
            }

            parsed.Add(directive);
        }

        directives = parsed;
        return true;
    }
}
