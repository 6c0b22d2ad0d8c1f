
namespace ActorFlow.Graphs.Tests;

public sealed class TextWidthTests
{
    [Fact]
    public void A_text_that_fits_stays_as_it_is() => Assert.Equal("abc", TextWidth.Fit("abc", 10, 100));

    [Theory]
    [InlineData(30)]
    [InlineData(61.5)]
    [InlineData(200)]
    public void A_text_that_does_not_fit_loses_its_middle(double width)
    {
        var text = TextWidth.Fit("filterContams_in_the_file_number_0000123 and many more words", 10, width);

        Assert.True(TextWidth.Of(text, 10) <= width, text);
        Assert.StartsWith("f", text);
        Assert.EndsWith("s", text);
        Assert.Contains('…', text);
    }

    [Fact]
    public void Characters_outside_the_basic_plane_are_not_cut_in_half()
    {
        for (var width = 10; width < 200; width++)
        {
            var text = TextWidth.Fit(string.Concat(Enumerable.Repeat("🎈", 20)), 10, width);

            Assert.True(text.EnumerateRunes().All(rune => rune.Value != 0xFFFD), text);
        }
    }
}
