
namespace Ambient.UnitTests.Tls;

/// <summary>Tests that count native objects of the whole process run while no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class NativeCountCollection
{
    public const string Name = "native object counts";
}
