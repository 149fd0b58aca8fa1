namespace Ambient.Ztunnel.Configuration;

/// <summary>Addresses of other programs, by name: checked now, dialed by whoever speaks with them.</summary>
internal static class ServiceAddress
{
    /// <summary>An https URL; a missing scheme means https (node-proxy 3.1), any other is refused. Null for an empty or missing setting.</summary>
    public static string? ReadUrl(SettingReader reader, string name)
    {
        string? text = reader.OptionalText(name);
        if (text is null)
        {
            return null;
        }

        string url = text.Contains("://", StringComparison.Ordinal) ? text : "https://" + text;
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? parsed)
            || parsed.Scheme != Uri.UriSchemeHttps || parsed.Host.Length == 0 || parsed.UserInfo.Length > 0 || parsed.PathAndQuery != "/")
        {
            reader.Refuse(name, "use https://HOST:PORT; plain http is not spoken");
        }

        return url;
    }
}
