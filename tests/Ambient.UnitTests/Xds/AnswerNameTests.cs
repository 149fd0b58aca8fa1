using System.Net;
using Ambient.Mesh.Addresses;
using Ambient.Mesh.Services;
using Ambient.Mesh.State;
using Ambient.Testing.Xds;
using Ambient.Xds;
using Ambient.Xds.Messages;
using Ambient.Xds.Protocol;
using Google.Protobuf;

namespace Ambient.UnitTests.Xds;

/// <summary>Resources that answer a question under the name that was asked for, not their objects' own (node-proxy 3.3).</summary>
public sealed class AnswerNameTests
{
    private const string ByAddress = "/10.0.0.2";
    private const string Uid = "c//Pod/shop/web";

    private readonly MeshStore _store = new(TimeProvider.System);
    private readonly SubscribedType _type = new(XdsTypes.Address, isOnDemand: true);
    private readonly ResponseApplier _applier;

    public AnswerNameTests() => _applier = new ResponseApplier(_store);

    [Fact]
    public void A_workload_goes_by_the_name_that_it_came_by()
    {
        Apply([Pod(Uid, ByAddress)]);
        Assert.NotNull(Workload());

        Apply([], ByAddress);

        Assert.Null(Workload());
        Assert.False(_type.Holds(ByAddress));
    }

    [Fact]
    public void So_does_a_service()
    {
        ServiceMessage web = new() { Namespace = "shop", Hostname = "web", Addresses = { new NetworkAddressMessage { Address = ByteString.CopyFrom(10, 0, 0, 9) } } };
        Apply([ScriptedStream.AddressResource(new Address { Service = web }, "/10.0.0.9")]);
        Assert.NotNull(_store.Current.FindService(new ServiceKey("shop", "web")));

        Apply([], "/10.0.0.9");

        Assert.Null(_store.Current.FindService(new ServiceKey("shop", "web")));
    }

    [Theory]
    [InlineData(Uid)]
    [InlineData("other/10.0.0.2")]
    public void It_stays_as_long_as_another_name_stands_for_it(string other)
    {
        Apply([Pod(Uid, ByAddress)]);

        // In one response, too: the resources come first.
        Apply([Pod(Uid, other)], ByAddress);
        Assert.NotNull(Workload());

        Apply([], other);
        Assert.Null(Workload());
    }

    [Fact]
    public void With_its_own_name_all_others_go()
    {
        Apply([Pod(Uid, ByAddress), Pod(Uid, Uid)]);

        Apply([], Uid);

        Assert.Null(Workload());
        Assert.False(_type.Holds(ByAddress));
        Assert.Empty(_type.Subscribe(new Node(), []).InitialResourceVersions);
    }

    [Fact]
    public void An_address_that_passes_to_another_workload_leaves_nothing_of_the_first()
    {
        Apply([Pod(Uid, ByAddress)]);

        Apply([Pod("c//Pod/shop/next", ByAddress)]);

        Assert.Null(Workload());
        Assert.Equal("c//Pod/shop/next", _store.Current.FindWorkload("", MeshIp.From(IPAddress.Parse("10.0.0.2")))?.Uid);
    }

    private static Resource Pod(string uid, string name) =>
        ScriptedStream.AddressResource(new Address { Workload = new WorkloadMessage { Uid = uid, Addresses = { ByteString.CopyFrom(10, 0, 0, 2) } } }, name);

    private Ambient.Mesh.Workloads.Workload? Workload() => _store.Current.FindWorkload(Uid);

    private void Apply(IEnumerable<Resource> resources, params string[] removed) =>
        Assert.Null(_applier.Apply(Decode.Response(XdsTypes.Address, resources, removed), _type));
}
