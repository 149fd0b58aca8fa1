using System.Globalization;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources;

/// <summary>A number, or a name that stands for one: the target port of a service.</summary>
/// <param name="Number">The number; 0 where there is a name.</param>
/// <param name="Name">The name; null where there is a number.</param>
[JsonConverter(typeof(IntOrStringConverter))]
public readonly record struct IntOrString(int Number, string? Name)
{
    public static implicit operator IntOrString(int number) => new(number, null);

    public static implicit operator IntOrString(string name) => new(0, name);

    public override string ToString() => Name ?? Number.ToString(CultureInfo.InvariantCulture);
}
