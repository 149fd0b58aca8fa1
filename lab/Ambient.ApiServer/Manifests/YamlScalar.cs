using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Ambient.ApiServer.Manifests;

/// <summary>What a YAML scalar means: by the rules of YAML 1.1, which kubectl keeps (<c>yes</c> is true, <c>0644</c> is octal).</summary>
internal static class YamlScalar
{
    public static JsonNode? Read(Scalar scalar)
    {
        string text = scalar.Value;
        if (scalar.Style != ScalarStyle.Plain || scalar.Tag == "tag:yaml.org,2002:str")
        {
            return JsonValue.Create(text);
        }

        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" or "y" or "Y" => JsonValue.Create(true),
            "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" or "n" or "N" => JsonValue.Create(false),
            _ when Whole(text) is { } whole => JsonValue.Create(whole),
            _ when Fraction(text) is { } fraction => JsonValue.Create(fraction),
            _ => JsonValue.Create(text),
        };
    }

    private static long? Whole(string text)
    {
        if (!IsNumber(text))
        {
            return null;
        }

        string digits = text.Replace("_", "", StringComparison.Ordinal);
        bool isNegative = digits[0] == '-';
        digits = digits.TrimStart('-', '+');
        long? value = digits switch
        {
            ['0', 'x', .. { Length: > 0 } hex] => long.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long number) ? number : null,
            ['0', 'b', .. { Length: > 0 } bits] => InBase(bits, 2),
            ['0', 'o', .. { Length: > 0 } octal] => InBase(octal, 8),
            ['0', .. { Length: > 0 } octal] => InBase(octal, 8),
            _ => long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null,
        };
        return isNegative ? -value : value;
    }

    private static long? InBase(string digits, int radix)
    {
        long value = 0;
        foreach (char digit in digits)
        {
            int number = digit - '0';
            if (number < 0 || number >= radix || value > long.MaxValue / radix - 1)
            {
                return null;
            }

            value = (value * radix) + number;
        }

        return value;
    }

    private static double? Fraction(string text) =>
        IsNumber(text)
        && text.All(at => char.IsAsciiDigit(at) || at is '.' or '-' or '+' or 'e' or 'E')
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null;

    private static bool IsNumber(string text) => char.IsAsciiDigit(text[0]) || (text.Length > 1 && text[0] is '-' or '+' or '.' && (char.IsAsciiDigit(text[1]) || text[1] == '.'));
}
