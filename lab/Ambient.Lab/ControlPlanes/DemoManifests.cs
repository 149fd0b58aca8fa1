using System.Reflection;

namespace Ambient.Lab.ControlPlanes;

/// <summary>The objects of <see cref="Specs.StoreLab"/>: deploy/demo of the repository, which is part of this library.</summary>
public static class DemoManifests
{
    private const string Prefix = "demo/";

    /// <summary>Puts them into a folder, as files.</summary>
    public static void WriteTo(string folder)
    {
        Assembly library = typeof(DemoManifests).Assembly;
        Directory.CreateDirectory(folder);
        foreach (string name in library.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using Stream text = library.GetManifestResourceStream(name)!;
            using FileStream file = File.Create(Path.Combine(folder, name[Prefix.Length..]));
            text.CopyTo(file);
        }
    }
}
