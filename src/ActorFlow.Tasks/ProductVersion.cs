using System.Reflection;

namespace ActorFlow.Tasks;

/// <summary>The user agent of <c>http</c>.</summary>
internal static class ProductVersion
{
    /// <summary><c>ActorFlow/</c> and the version, without the commit that it was built from.</summary>
    public static readonly string UserAgent = "ActorFlow/" + typeof(ProductVersion).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
