namespace Ambient.ControlPlane.Serving;

/// <summary>Reads the <c>authorization</c> header of a call (RFC 6750 2.1). Pure.</summary>
public static class BearerToken
{
    /// <summary>The API server's own tokens have 1 to 2 KiB.</summary>
    public const int MaxLength = 16 * 1024;

    private const string Scheme = "Bearer ";

    /// <returns>The token; null when there is none, with why.</returns>
    public static string? Read(string header, out string reason)
    {
        reason = "the call has no bearer token";
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        string token = header[Scheme.Length..].Trim(' ');
        if (token.Length is 0 or > MaxLength || !token.All(IsTokenCharacter))
        {
            reason = $"the bearer token is not 1 to {MaxLength} characters of a token";
            return null;
        }

        reason = string.Empty;
        return token;
    }

    private static bool IsTokenCharacter(char character) => char.IsAsciiLetterOrDigit(character) || character is '-' or '.' or '_' or '~' or '+' or '/' or '=';
}
