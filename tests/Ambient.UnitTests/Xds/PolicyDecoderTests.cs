using System.Collections.Immutable;
using Ambient.Mesh.Addresses;
using Ambient.Mesh.Policies;
using Ambient.Testing;
using Ambient.Xds;
using Ambient.Xds.Decoding;
using Ambient.Xds.Messages;
using Google.Protobuf;

namespace Ambient.UnitTests.Xds;

/// <summary>Conditions that cannot be read (node-proxy 3.7.6, 13 quirk 8), and bytes that nobody meant to send.</summary>
public sealed class PolicyDecoderTests
{
    private static readonly AuthorizationRequest Stranger = new(MeshIp.From(System.Net.IPAddress.Parse("10.0.0.1")), MeshIp.From(System.Net.IPAddress.Parse("10.0.0.2")), 80, null);

    [Fact]
    public void A_condition_that_cannot_be_read_is_left_out_the_rest_decides_and_the_operator_is_told()
    {
        DecodedResource decoded = Decode.Policy(With(new AuthorizationMatch
        {
            Principals = { new StringMatchMessage() },
            SourceIps = { new AddressBlock { Address = ByteString.CopyFrom(10, 0, 0, 1), Length = 33 }, new AddressBlock { Address = ByteString.CopyFrom(1, 2, 3) } },
            DestinationPorts = { 80 },
        }));
        var policy = (AuthorizationPolicy)decoded.Content!;

        Assert.Null(decoded.Refusal);
        Assert.StartsWith("3 condition(s)", decoded.Remark);
        Assert.True(policy.Matches(Stranger));
    }

    [Fact]
    public void A_match_of_which_nothing_is_left_never_holds() =>
        Assert.False(((AuthorizationPolicy)Decode.Policy(With(new AuthorizationMatch { NotPrincipals = { new StringMatchMessage() } })).Content!).Matches(Stranger));

    [Fact]
    public void Nothing_is_said_of_a_policy_that_was_read_whole() =>
        Assert.Null(Decode.Policy(With(new AuthorizationMatch { Principals = { new StringMatchMessage { Presence = new() } } })).Remark);

    [Fact]
    public void Mutated_policies_are_taken_whole_or_refused_and_never_break_decoder_or_evaluation()
    {
        Authorization whole = With(
            new AuthorizationMatch
            {
                Namespaces = { new StringMatchMessage { Exact = "shop" }, new StringMatchMessage { Prefix = "sh" }, new StringMatchMessage { Suffix = "op" } },
                NotPrincipals = { new StringMatchMessage { Presence = new() } },
                SourceIps = { new AddressBlock { Address = ByteString.CopyFrom(10, 0, 0, 0), Length = 8 } },
                NotDestinationIps = { new AddressBlock { Address = ByteString.CopyFrom([0xfd, .. new byte[15]]), Length = 64 } },
                DestinationPorts = { 80, 443 },
                NotServiceAccounts = { new ServiceAccountMatchMessage { Namespace = "shop", ServiceAccount = "web" } },
            },
            new AuthorizationMatch { NotDestinationPorts = { 22 }, ServiceAccounts = { new ServiceAccountMatchMessage { Namespace = "a", ServiceAccount = "b" } } });
        byte[] valid = whole.ToByteArray();
        int taken = 0;
        int rounds = FuzzRounds.Scale(5_000);
        for (int seed = 0; seed < rounds; seed++)
        {
            DecodedResource decoded = Decode.One(XdsTypes.Authorization, Envelope(Mutate(valid, seed)));
            Assert.Equal("shop/fuzzed", decoded.Name);
            Assert.True(decoded.Content is AuthorizationPolicy ^ decoded.Refusal is not null, $"seed {seed}");
            if (decoded.Content is AuthorizationPolicy policy)
            {
                taken++;
                AssertSound(policy, seed);
            }
        }

        Assert.InRange(taken, 1, rounds - 1);
    }

    /// <summary>What evaluation relies on: known scope and action, and lists that can be walked.</summary>
    private static void AssertSound(AuthorizationPolicy policy, int seed)
    {
        Assert.True(Enum.IsDefined(policy.Scope) && Enum.IsDefined(policy.Action), $"seed {seed}");
        ImmutableArray<PolicyMatch> matches = [.. policy.Rules.SelectMany(rule => rule.Clauses).SelectMany(clause => clause.Matches)];
        Assert.All(
            matches.SelectMany(match => match.SourceIps.Concat(match.NotSourceIps).Concat(match.DestinationIps).Concat(match.NotDestinationIps)),
            block => Assert.InRange(block.Length, 0, block.Address.BitLength));
        bool holds = policy.Matches(Stranger);
        bool canHold = policy.Rules.Any(rule => rule.Clauses.All(clause => clause.Matches.IsEmpty || clause.Matches.Any(match => !match.IsEmpty)));
        Assert.True(canHold || !holds, $"seed {seed}: holds without a condition that does");
    }

    private static Authorization With(params AuthorizationMatch[] matches) => new()
    {
        Namespace = "shop",
        Name = "p",
        Scope = AuthorizationScope.Namespace,
        Action = AuthorizationAction.Deny,
        Rules = { new AuthorizationRule { Clauses = { new AuthorizationClause { Matches = { matches } } } } },
    };

    private static Resource Envelope(byte[] policy) => new()
    {
        Name = "shop/fuzzed",
        Resource_ = new Google.Protobuf.WellKnownTypes.Any { TypeUrl = XdsTypes.Authorization, Value = ByteString.CopyFrom(policy) },
    };

    /// <summary>Changes, cuts, drops and doubles bytes.</summary>
    private static byte[] Mutate(byte[] valid, int seed)
    {
        Random random = new(seed);
        List<byte> bytes = [.. valid];
        for (int change = random.Next(4); change >= 0; change--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes.RemoveAt(at);
                    break;
                case 1:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                default:
                    bytes[at] = (byte)random.Next(256);
                    break;
            }
        }

        return random.Next(4) == 0 ? [.. bytes.Take(random.Next(bytes.Count))] : [.. bytes];
    }
}
