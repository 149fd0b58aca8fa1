using Ambient.ApiServer.Storage;
using Microsoft.AspNetCore.Http;

namespace Ambient.ApiServer.Serving;

/// <summary>What a client wants of fields that nobody knows: <c>Strict</c> refuses them, <c>Warn</c> names them, <c>Ignore</c> drops them.</summary>
internal sealed class FieldValidation
{
    private readonly bool _isStrict;
    private readonly bool _warns;
    private string[] _unknown = [];

    private FieldValidation(bool isStrict, bool warns)
    {
        _isStrict = isStrict;
        _warns = warns;
    }

    /// <summary>Unknown fields go silently.</summary>
    public static FieldValidation None => new(isStrict: false, warns: false);

    /// <exception cref="ApiException">400: it is none of the three.</exception>
    public static FieldValidation Of(IQueryCollection query) => query["fieldValidation"].ToString() switch
    {
        "Strict" => new FieldValidation(isStrict: true, warns: false),
        "" or "Warn" => new FieldValidation(isStrict: false, warns: true),
        "Ignore" => None,
        string other => throw ApiException.BadRequest($"fieldValidation: Unsupported value: \"{other}\": supported values: \"Ignore\", \"Strict\", \"Warn\""),
    };

    /// <exception cref="ApiException">400: there are unknown fields, and they are refused.</exception>
    public void Take(ServedKind kind, IReadOnlyList<string> unknown)
    {
        _unknown = [.. unknown.Select(path => $"unknown field \"{path}\"")];
        if (_isStrict && _unknown.Length > 0)
        {
            throw ApiException.BadRequest(
                $"{kind.Kind} in version \"{kind.Version}\" cannot be handled as a {kind.Kind}: strict decoding error: {string.Join(", ", _unknown)}");
        }
    }

    /// <summary>Says in the header <c>Warning</c> what was dropped.</summary>
    public void Warn(HttpResponse response)
    {
        if (_warns)
        {
            foreach (string warning in _unknown)
            {
                response.Headers.Append("Warning", $"299 - \"{Escape(warning)}\"");
            }
        }
    }

    // A quoted string (RFC 9110 5.6.4); what cannot stand in a header is not repeated there.
    private static string Escape(string text) => string.Concat(text.Select(at => at switch
    {
        '"' or '\\' => "\\" + at,
        < ' ' or > '~' => "?",
        _ => at.ToString(),
    }));
}
