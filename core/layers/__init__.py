"""The catalogue: importing this package declares every layer, in the order in which the palette shows them."""

# The usual layers of a family come first.
# isort: off
from core.layers import data as data
from core.layers import linear as linear
from core.layers import convolution as convolution
from core.layers import pooling as pooling
from core.layers import unpooling as unpooling
from core.layers import normalisation as normalisation
from core.layers import activation as activation
from core.layers import regularisation as regularisation
from core.layers import recurrent as recurrent
from core.layers import cells as cells
from core.layers import attention as attention
from core.layers import transformer as transformer
from core.layers import shape as shape
from core.layers import rearranging as rearranging
from core.layers import patches as patches
from core.layers import padding as padding
from core.layers import reduction as reduction
from core.layers import merge as merge
from core.layers import arithmetic as arithmetic
from core.layers import making as making
from core.layers import products as products
from core.layers import distance as distance
from core.layers import loss as loss
from core.layers import special_loss as special_loss

# isort: on
from core.layers.layer import CATALOGUE, FAMILIES, Call, Inputs, Layer, Port, Refused, declaration_of

__all__ = ["CATALOGUE", "FAMILIES", "Call", "Inputs", "Layer", "Port", "Refused", "declaration_of"]
