namespace Ambient.Ztunnel.Configuration;

/// <summary>XDS_HEADER_* and CA_HEADER_*: the rest of the name is a gRPC metadata key (node-proxy 3.1).</summary>
internal static class HeaderSettings
{
    public static IReadOnlyDictionary<string, string> Read(SettingReader reader, string prefix)
    {
        IReadOnlyDictionary<string, string> headers = reader.Source.WithPrefix(prefix);
        foreach ((string name, string value) in headers)
        {
            if (!name.All(IsKeyCharacter))
            {
                reader.RefuseWithoutValue(prefix + name, "the rest of the name must be a lower-case ASCII header name");
            }
            else if (!value.All(character => character is >= ' ' and <= '~'))
            {
                reader.RefuseWithoutValue(prefix + name, "the value must be printable ASCII");
            }
        }

        return headers;
    }

    private static bool IsKeyCharacter(char character) =>
        char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character is '-' or '_' or '.';
}
