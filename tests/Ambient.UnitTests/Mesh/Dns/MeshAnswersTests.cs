using Ambient.Mesh.Addresses;
using Ambient.Mesh.Dns;
using Ambient.Mesh.State;
using Ambient.Testing.Mesh;

namespace Ambient.UnitTests.Mesh.Dns;

/// <summary>node-proxy 11.10, "lookup", without sockets.</summary>
public sealed class MeshAnswersTests
{
    private static readonly MeshSnapshot Snapshot = DnsMesh.Snapshot();

    private static readonly ServiceNames Names = new("cluster.local", DnsMesh.PreferredNamespace);

    public static TheoryData<int> RowNumbers => [.. Enumerable.Range(0, DnsMesh.Rows.Count)];

    [Theory]
    [MemberData(nameof(RowNumbers))]
    public void Answers_each_name_as_the_table_says(int number)
    {
        DnsRow row = DnsMesh.Rows[number];

        MeshAnswer? answer = Ask(row.Query, Enum.Parse<DnsType>(row.Type));

        Assert.True(row.Records is null == answer is null, $"{row}: {(answer is null ? "forwarded" : "answered")}");
        Assert.Equal(row.Records?.Order(StringComparer.Ordinal), answer?.Records.Select(Text).Order(StringComparer.Ordinal));
        Assert.All(answer?.Records ?? [], record => Assert.Equal(30u, record.Ttl));
    }

    [Fact]
    public void A_cname_comes_before_its_addresses() =>
        Assert.Equal(DnsType.CName, Ask("www.google.com.ns1.svc.cluster.local", DnsType.A)!.Value.Records[0].Type);

    [Fact]
    public void Addresses_are_shuffled()
    {
        HashSet<string> firsts = [];
        for (int seed = 0; seed < 100; seed++)
        {
            MeshAnswer? answer = new MeshAnswers(Names, hasIPv6: true).Find(
                Snapshot, DnsMesh.Client, new DnsQuestion(DnsBytes.Name("details.ns2.svc.cluster.remote"), DnsType.A), new Random(seed));
            firsts.Add(Text(answer!.Value.Records[0]));
        }

        Assert.Equal(3, firsts.Count);
    }

    [Fact]
    public void Without_ipv6_a_known_name_has_no_such_address()
    {
        MeshAnswer? answer = new MeshAnswers(Names, hasIPv6: false).Find(
            Snapshot, DnsMesh.Client, new DnsQuestion(DnsBytes.Name("dual.localhost"), DnsType.Aaaa), Random.Shared);

        Assert.Equal((true, false), (answer!.Value.Records.IsEmpty, answer.Value.IsSupported));
    }

    [Fact]
    public void Another_class_is_not_the_meshs() =>
        Assert.Null(new MeshAnswers(Names, hasIPv6: true).Find(
            Snapshot, DnsMesh.Client, new DnsQuestion(DnsBytes.Name("dual.localhost"), DnsType.A, (DnsClass)3), Random.Shared));

    [Fact]
    public void Dedicated_mode_strips_the_search_domains_of_its_own_configuration()
    {
        MeshAnswers answers = new(new ServiceNames("cluster.local", null, ["corp.example"]), hasIPv6: true);
        DnsQuestion Of(string name) => new(DnsBytes.Name(name), DnsType.A);

        Assert.NotNull(answers.Find(Snapshot, DnsMesh.Client, Of("www.google.com.corp.example"), Random.Shared));
        Assert.Null(answers.Find(Snapshot, DnsMesh.Client, Of("www.google.com.ns1.svc.cluster.local"), Random.Shared));
    }

    private static MeshAnswer? Ask(string name, DnsType type) => new MeshAnswers(Names, hasIPv6: true).Find(
        Snapshot, DnsMesh.Client, new DnsQuestion(DnsBytes.Name(name), type), Random.Shared);

    private static string Text(DnsRecord record) =>
        $"{record.Owner} {record.Type} {(record.TryGetAddress(out MeshIp ip) ? ip.ToString() : DnsName.OfData(record).ToString())}";
}
