using System.Collections.Immutable;
using System.Globalization;
using Ambient.Mesh.Addresses;
using Ambient.Xds.Messages;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;

namespace Ambient.ControlPlane.Translation.Policies;

/// <summary>One alternative of a rule, and what of it a node proxy cannot enforce.</summary>
/// <param name="place">Where it stands, in words.</param>
/// <param name="losses">Receives what cannot be enforced.</param>
internal sealed class MatchBuilder(string place, List<string> losses)
{
    private const string SpiffeScheme = "spiffe://";

    public AuthorizationMatch Match { get; } = new();

    /// <summary>Whether something that was asked for is missing.</summary>
    public bool HasLoss { get; private set; }

    /// <summary>Whether nothing is left of what was asked for.</summary>
    public bool IsLost => HasLoss && Match.CalculateSize() == 0;

    /// <summary>A field that a node proxy does not see.</summary>
    public void Lose(ImmutableArray<string> values, string field)
    {
        if (!values.IsEmpty)
        {
            Lose(field);
        }
    }

    /// <summary>An alternative without fields never matches.</summary>
    public void LoseIfEmpty()
    {
        if (!HasLoss && Match.CalculateSize() == 0)
        {
            Lose("without any field never matches");
        }
    }

    public static void Texts(RepeatedField<StringMatchMessage> field, ImmutableArray<string> values) => field.AddRange(values.Select(Text));

    public static void Principals(RepeatedField<StringMatchMessage> field, ImmutableArray<string> values) => field.AddRange(values.Select(value =>
        Text(value.StartsWith(SpiffeScheme, StringComparison.Ordinal) ? value[SpiffeScheme.Length..] : value)));

    public static void Accounts(RepeatedField<ServiceAccountMatchMessage> field, ImmutableArray<string> values, string home) =>
        field.AddRange(values.Select(value =>
        {
            int slash = value.IndexOf('/');
            return new ServiceAccountMatchMessage
            {
                Namespace = slash < 0 ? home : value[..slash],
                ServiceAccount = value[(slash + 1)..],
            };
        }));

    public void Blocks(RepeatedField<AddressBlock> field, ImmutableArray<string> values, string name)
    {
        foreach (string value in values)
        {
            if (Block(value) is { } block)
            {
                field.Add(block);
            }
            else
            {
                Lose($"{name} {Quoted.Text(value)} (neither an IP address nor a prefix)");
            }
        }
    }

    public void Ports(RepeatedField<uint> field, ImmutableArray<string> values, string name)
    {
        foreach (string value in values)
        {
            if (ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && port > 0)
            {
                field.Add(port);
            }
            else
            {
                Lose($"{name} {Quoted.Text(value)} (not a port)");
            }
        }
    }

    private void Lose(string what)
    {
        HasLoss = true;
        losses.Add($"{place} {what}");
    }

    private static AddressBlock? Block(string text)
    {
        if (MeshIp.TryParse(text, out MeshIp ip))
        {
            return new AddressBlock { Address = AddressBytes.Of(ip), Length = (uint)ip.BitLength };
        }

        return IpPrefix.TryParse(text, out IpPrefix prefix)
            ? new AddressBlock { Address = AddressBytes.Of(prefix.Masked.Address), Length = (uint)prefix.Length }
            : null;
    }

    private static StringMatchMessage Text(string value)
    {
        if (value == "*")
        {
            return new StringMatchMessage { Presence = new Empty() };
        }

        if (value.StartsWith('*'))
        {
            return new StringMatchMessage { Suffix = value[1..] };
        }

        return value.EndsWith('*') ? new StringMatchMessage { Prefix = value[..^1] } : new StringMatchMessage { Exact = value };
    }
}
